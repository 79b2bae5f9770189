/* One connection to a filter: packets out and in, one step of the protocol. A packet is its length in four octets, a
 * letter, data. What goes out is kept until an answer is waited for.
 */
#pragma once
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum { BUFFER = 1 << 18 };
typedef enum { GO_ON, ACCEPT, SKIP, REFUSED, GONE } answer;

struct peer {
    int fd, explained, hung;
    uint32_t steps;
    size_t out, in, read;
    char to[BUFFER], from[BUFFER];
};

static int flush(struct peer *p) {
    for (size_t sent = 0; sent < p->out;) {
        ssize_t n = send(p->fd, p->to + sent, p->out - sent, MSG_NOSIGNAL);
        if (n <= 0) return p->hung |= n < 0 && errno == EAGAIN, -1;
        sent += (size_t)n;
    }
    p->out = 0;
    return 0;
}

static int say(struct peer *p, char command, const void *data, size_t length) {
    uint32_t size = htonl((uint32_t)length + 1);
    if (p->out + length + 5 > BUFFER && flush(p)) return -1;
    memcpy(p->to + p->out, &size, 4);
    p->to[p->out + 4] = command;
    memcpy(p->to + p->out + 5, data, length);
    p->out += length + 5;
    return 0;
}

/* Point at the next packet's first letter; 0 where the other side is gone or silent. */
static char *hear(struct peer *p, uint32_t *length) {
    if (p->out && flush(p)) return NULL;
    for (;;) {
        size_t have = p->in - p->read;
        if (have >= 4) {
            memcpy(length, p->from + p->read, 4);
            *length = ntohl(*length);
            if (*length == 0 || *length > BUFFER - 4) return NULL;
            if (have >= 4 + (size_t)*length) {
                p->read += 4 + *length;
                return p->from + p->read - *length;
            }
        }
        memmove(p->from, p->from + p->read, have);
        p->in = have, p->read = 0;
        ssize_t n = recv(p->fd, p->from + p->in, BUFFER - p->in, 0);
        if (n <= 0) return p->hung |= n < 0 && errno == EAGAIN, NULL;
        p->in += (size_t)n;
    }
}

static answer judged(char letter) {
    return letter == 'c' ? GO_ON : letter == 'a' ? ACCEPT : letter == 's' ? SKIP : REFUSED;
}

/* One step: not sent where the filter does not want it, not waited for where it will not answer. */
static answer step(struct peer *p, char command, const void *data, size_t length, uint32_t unwanted, uint32_t silent) {
    uint32_t size;
    char *packet;
    if (p->steps & unwanted) return GO_ON;
    if (say(p, command, data, length)) return GONE;
    if (p->steps & silent) return GO_ON;
    do packet = hear(p, &size);
    while (packet && *packet == 'p');
    return packet ? judged(*packet) : GONE;
}
