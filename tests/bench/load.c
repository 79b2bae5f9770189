/* Drives a milter as a mail server does, from several clients at once, and says in one JSON object how it answered.
 *
 *   load -s SOCKET -o ORDINARY -b BOUNCE [-b BOUNCE ...] [-c CLIENTS] [-m PER_CONNECTION] [-n MESSAGES | -t SECONDS]
 *        [-k KINDS] [-w SECONDS] [-r SEED]
 *
 * SOCKET is the path of a unix socket. KINDS is played over and over, a letter a message:
 *   o  an ordinary message            b  a bounce, the files in turn        a  given up in the middle of the header
 *   r  given up after the body        x  the connection cut in the body     s  a port scan: connect, say nothing
 *   g  a connection of garbage        h  a session of valid packets in no order that makes sense
 * Packets are collected until an answer is waited for, as Postfix does. -w is how long a socket may be away, -r
 * another garbage.
 *
 * Counted apart: `cut`, the filter closed in the middle of a message; `lost`, it closed elsewhere; `refused`, an answer
 * other than go on, accept, skip and changes; `hung`, no answer in 30 s; `unreachable`, nobody listened within -w.
 * SIGINT ends it early, between two messages. Exit status: 0 whatever the filter did, 2 wrong usage.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "mail.h"
#include "peer.h"

enum { VERSION = 6, ACTIONS = 0x1ff, STEPS = 0x1fffff, CHUNK = 65535, HANG_SECONDS = 30 };
enum { CLIENTS_MOST = 256, FILES_MOST = 1024 };

struct tally {
    long messages, bounces, explained, changes, cut, lost, refused, hung, unreachable;
    double *times;
    size_t count, room;
    unsigned seed;
};

static struct sockaddr_un place = {.sun_family = AF_UNIX};
static struct mail ordinary, *bounces;
static int bounce_files, per_connection = 1;
static const char *kinds = "o";
static long wanted;
static double until, patience = 2;
static atomic_long next;
static atomic_int stop;

static void told_to_stop(int number) { stop = number; }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(void) {
    double end = now() + patience;
    struct timeval limit = {.tv_sec = HANG_SECONDS};
    do {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (connect(fd, (struct sockaddr *)&place, sizeof place) == 0) return fd;
        close(fd);
        usleep(1000);
    } while (now() < end);
    return -1;
}

static answer greet(struct peer *p) {
    static const char from[] = "client.example\0004\0\031" "192.0.2.1";
    uint32_t offer[3] = {htonl(VERSION), htonl(ACTIONS), htonl(STEPS)}, size;
    p->out = p->in = p->read = 0;
    p->steps = 0;
    p->hung = 0;
    if (say(p, 'O', offer, sizeof offer)) return GONE;
    char *packet = hear(p, &size);
    if (!packet || *packet != 'O' || size < 13) return GONE;
    memcpy(&p->steps, packet + 9, 4);
    p->steps = ntohl(p->steps);
    answer got = step(p, 'C', from, sizeof from, 0x1, 0x1000);
    return got == GO_ON ? step(p, 'H', "client.example", 15, 0x2, 0x2000) : got;
}

static answer envelope(struct peer *p, const char *sender) {
    answer got;
    if (say(p, 'D', "Mi\0004F1A2B3C4D", 14)) return GONE;
    if ((got = step(p, 'M', sender, strlen(sender) + 1, 0x4, 0x4000))) return got;
    if ((got = step(p, 'R', "<alice@example.org>", 20, 0x8, 0x8000))) return got;
    return step(p, 'T', "", 0, 0x200, 0x10000);
}

static answer end(struct peer *p, struct tally *t) {
    uint32_t size;
    char *packet;
    if (say(p, 'E', "", 0)) return GONE;
    while ((packet = hear(p, &size))) {
        if (*packet == 'p') continue;
        if (!strchr("himb+-2qel", *packet)) return judged(*packet) == REFUSED ? REFUSED : ACCEPT;
        t->changes++;
        p->explained |= *packet == 'h' && size > 21 && !memcmp(packet + 1, "X-Bounce-Explanation", 21);
    }
    return GONE;
}

/* Send a message of one kind; ACCEPT at its end, GONE too where it cuts the connection itself (it closes it then). */
static answer play(struct peer *p, struct tally *t, char kind, const struct mail *m) {
    answer got = envelope(p, kind == 'b' ? "<>" : "<carol@client.example>");
    for (int i = 0; !got && i < m->count; i++) {
        if (kind == 'a' && i == m->count / 2) return say(p, 'A', "", 0) ? GONE : ACCEPT;
        got = step(p, 'L', m->fields[i].packet, m->fields[i].length, 0x20, 0x80);
    }
    if (!got) got = step(p, 'N', "", 0, 0x40, 0x40000);
    for (size_t at = 0; !got && at < m->length; at += CHUNK) {
        size_t length = m->length - at < CHUNK ? m->length - at : CHUNK;
        got = step(p, 'B', m->body + at, length, 0x10, 0x80000);
        if (kind == 'x') break;
    }
    if (kind == 'r' && got != GONE) return say(p, 'A', "", 0) ? GONE : ACCEPT;
    if (kind == 'x' && got != GONE) return ACCEPT;
    return got == GO_ON || got == SKIP ? end(p, t) : got;
}

/* Say what no mail server says, then nothing more; whatever answer comes must be harmless, and the end must come. */
static void annoy(struct peer *p, struct tally *t, char kind) {
    static const char commands[] = "OCHMRTLLNBBEADUKQ";
    char noise[512];
    uint32_t size;
    char *packet;
    if ((p->fd = dial()) < 0) {
        t->unreachable++;
        return;
    }
    answer greeted = kind == 'h' ? greet(p) : GO_ON;
    if (kind != 'h') p->out = p->in = p->read = 0, p->hung = 0;
    for (int i = 0; kind != 's' && greeted != GONE && i < 12; i++) {
        size_t length = (size_t)rand_r(&t->seed) % (kind == 'g' ? sizeof noise : 40);
        for (size_t k = 0; k < length; k++) noise[k] = (char)(rand_r(&t->seed) >> 8);
        if (kind == 'g') {
            memcpy(p->to + p->out, noise, length), p->out += length;
            continue;
        }
        char command = commands[(size_t)rand_r(&t->seed) % (sizeof commands - 1)];
        if (length) noise[length - 1] = 0;
        if (command == 'D') {
            /* A name and a value: of an odd number libmilter's smfi_getsymval reads on behind the last, and may die. */
            if (length < 5) continue;
            for (size_t k = 0; k < length - 1; k++) noise[k] |= 1;
            noise[2] = 0;
        }
        say(p, command, noise, length);
    }
    if (p->out) flush(p);
    if (kind != 's') {
        shutdown(p->fd, SHUT_WR);
        while ((packet = hear(p, &size))) t->refused += strchr("rtdy4f", *packet) != NULL;
    }
    t->hung += p->hung;
    close(p->fd);
    p->fd = -1;
}

static void note(struct tally *t, double took) {
    if (t->count == t->room) t->times = realloc(t->times, (t->room = t->room ? t->room * 2 : 4096) * sizeof *t->times);
    t->times[t->count++] = took;
}

/* One message in whatever connection there is; returns whether the connection can carry another. */
static int one(struct peer *p, struct tally *t, char kind, const struct mail *m, double began) {
    p->explained = 0;
    answer got = play(p, t, kind, m);
    t->hung += p->hung;
    if (got == GONE) return t->cut++, 0;
    t->messages++;
    t->refused += got == REFUSED;
    if (kind == 'b') t->bounces++, t->explained += p->explained;
    if (kind == 'o' || kind == 'b') note(t, now() - began);
    return kind != 'x';
}

static void *client(void *mine) {
    struct tally *t = mine;
    struct peer *p = calloc(1, sizeof *p);
    int left = 0;
    p->fd = -1;
    for (long number; !stop && ((number = atomic_fetch_add(&next, 1)) < wanted || !wanted);) {
        char kind = kinds[(size_t)number % strlen(kinds)];
        double began = now();
        if (!wanted && began >= until) break;
        if (strchr("sgh", kind)) {
            struct peer *other = calloc(1, sizeof *other);
            annoy(other, t, kind);
            free(other);
            continue;
        }
        if (p->fd < 0) {
            if ((p->fd = dial()) < 0) {
                t->unreachable++;
                continue;
            }
            left = per_connection;
            if (greet(p) == GONE) {
                t->lost++, t->hung += p->hung;
                close(p->fd), p->fd = -1;
                continue;
            }
        } else if (say(p, 'A', "", 0)) left = 0;
        const struct mail *m = kind == 'b' ? &bounces[number % bounce_files] : &ordinary;
        int stays = one(p, t, kind, m, began);
        if (!stays || --left <= 0) {
            if (stays && !say(p, 'Q', "", 0)) flush(p);
            close(p->fd), p->fd = -1;
        }
    }
    if (p->fd >= 0) {
        if (!say(p, 'Q', "", 0)) flush(p);
        close(p->fd);
    }
    free(p);
    return NULL;
}

static int smaller(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void tell(struct tally *all, int clients, double seconds) {
    struct tally t = {0};
    for (int i = 0; i < clients; i++) {
        long *from = &all[i].messages, *to = &t.messages;
        for (size_t k = 0; k <= (size_t)(&t.unreachable - &t.messages); k++) to[k] += from[k];
        for (size_t k = 0; k < all[i].count; k++) note(&t, all[i].times[k]);
    }
    qsort(t.times, t.count, sizeof *t.times, smaller);
#define US(share) (t.count ? t.times[(size_t)((double)(t.count - 1) * (share))] * 1e6 : 0)
    printf("{\"messages\": %ld, \"bounces\": %ld, \"explained\": %ld, \"changes\": %ld, \"cut\": %ld, \"lost\": %ld, "
           "\"refused\": %ld, \"hung\": %ld, \"unreachable\": %ld, \"rate\": %.1f, \"p99_us\": %.1f}\n",
           t.messages, t.bounces, t.explained, t.changes, t.cut, t.lost, t.refused, t.hung, t.unreachable,
           (double)t.messages / seconds, US(0.99));
}

int main(int count, char **words) {
    static struct tally tallies[CLIENTS_MOST];
    static pthread_t threads[CLIENTS_MOST];
    static struct mail files[FILES_MOST];
    int clients = 1, option;
    unsigned seed = 1;
    double seconds = 0;
    while ((option = getopt(count, words, "s:o:b:c:m:n:t:k:w:r:")) != -1) {
        if (option == 's') strncpy(place.sun_path, optarg, sizeof place.sun_path - 1);
        else if (option == 'o') ordinary = load(optarg);
        else if (option == 'b' && bounce_files < FILES_MOST) files[bounce_files++] = load(optarg);
        else if (option == 'c') clients = atoi(optarg);
        else if (option == 'm') per_connection = atoi(optarg);
        else if (option == 'n') wanted = atol(optarg);
        else if (option == 't') seconds = atof(optarg);
        else if (option == 'k') kinds = optarg;
        else if (option == 'r') seed = (unsigned)atol(optarg);
        else if (option == 'w') patience = atof(optarg);
        else return 2;
    }
    bounces = files;
    if (!*place.sun_path || !ordinary.fields || !bounce_files || clients < 1 || clients > CLIENTS_MOST ||
        (wanted <= 0 && seconds <= 0) || kinds[strspn(kinds, "obarxsgh")]) {
        fprintf(stderr, "usage: load -s SOCKET -o ORDINARY -b BOUNCE ... [-c N] [-m N] [-n N | -t SECONDS] [-k KINDS]\n");
        return 2;
    }
    signal(SIGINT, told_to_stop);
    double began = now();
    until = began + seconds;
    for (int i = 0; i < clients; i++) tallies[i].seed = seed + (unsigned)i, pthread_create(&threads[i], NULL, client, &tallies[i]);
    for (int i = 0; i < clients; i++) pthread_join(threads[i], NULL);
    tell(tallies, clients, now() - began);
    return 0;
}
