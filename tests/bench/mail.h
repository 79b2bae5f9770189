/* A message as a mail server sends it to a filter: each field the packet that it becomes, the body with CRLF. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum { FIELDS_MOST = 1000 };
struct field { char *packet; size_t length; };
struct mail { struct field *fields; int count; char *body; size_t length; };

/* Read a file with whatever line ends; ends the program where it cannot be read. */
static struct mail load(const char *path) {
    struct mail m = {0};
    FILE *file = fopen(path, "rb");
    if (!file) perror(path), exit(2);
    char *line = NULL;
    size_t room = 0, size = 0;
    int body = 0;
    m.fields = calloc(FIELDS_MOST, sizeof *m.fields);
    FILE *out = open_memstream(&m.body, &size);
    for (ssize_t n; (n = getline(&line, &room, file)) >= 0;) {
        while (n && (line[n - 1] == '\n' || line[n - 1] == '\r')) n--;
        if (body) fwrite(line, 1, (size_t)n, out), fwrite("\r\n", 1, 2, out);
        else if (n == 0) body = 1;
        else if ((*line == ' ' || *line == '\t') && m.count) {
            struct field *last = &m.fields[m.count - 1];
            last->packet = realloc(last->packet, last->length + (size_t)n + 1);
            last->packet[last->length - 1] = '\n';
            memcpy(last->packet + last->length, line, (size_t)n);
            last->length += (size_t)n + 1;
            last->packet[last->length - 1] = 0;
        } else if (m.count < FIELDS_MOST && memchr(line, ':', (size_t)n)) {
            struct field *f = &m.fields[m.count++];
            size_t name = (size_t)((char *)memchr(line, ':', (size_t)n) - line), value = name + 1;
            while (value < (size_t)n && line[value] == ' ') value++;
            f->length = name + 1 + (size_t)n - value + 1;
            f->packet = calloc(1, f->length);
            memcpy(f->packet, line, name);
            memcpy(f->packet + name + 1, line + value, (size_t)n - value);
        }
    }
    fclose(out);
    fclose(file);
    free(line);
    m.length = size;
    return m;
}
