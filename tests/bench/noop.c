/* The least that a filter on libmilter can do: it is shown the header of every message, looks at nothing and changes
 * nothing but a bounce, which gets one fixed field. What any filter with the same steps costs on this machine.
 *
 *   noop SOCKET        SOCKET as libmilter writes it: unix:/path
 *
 * Ordinary mail is accepted at the end of its header, its body is not asked for. Ends on SIGTERM.
 */
#include <libmilter/mfapi.h>
#include <stdio.h>

#define UNUSED __attribute__((unused))
static char bounce[] = "bounce";

static sfsistat negotiate(SMFICTX *ctx UNUSED, unsigned long actions, unsigned long steps, unsigned long f2 UNUSED,
                          unsigned long f3 UNUSED, unsigned long *act, unsigned long *take, unsigned long *o2,
                          unsigned long *o3) {
    unsigned long leave_out = SMFIP_NOCONNECT | SMFIP_NOHELO | SMFIP_NORCPT | SMFIP_NODATA | SMFIP_NOUNKNOWN;
    *act = actions & SMFIF_ADDHDRS;
    *take = steps & (leave_out | SMFIP_NR_HDR | SMFIP_SKIP);
    *o2 = *o3 = 0;
    return SMFIS_CONTINUE;
}

static sfsistat sender(SMFICTX *ctx, char **words) {
    int null = !words[0][0] || (words[0][0] == '<' && words[0][1] == '>');
    smfi_setpriv(ctx, null ? bounce : NULL);
    return SMFIS_CONTINUE;
}

static sfsistat header(SMFICTX *ctx UNUSED, char *name UNUSED, char *value UNUSED) { return SMFIS_NOREPLY; }

static sfsistat header_end(SMFICTX *ctx) { return smfi_getpriv(ctx) ? SMFIS_CONTINUE : SMFIS_ACCEPT; }

static sfsistat body(SMFICTX *ctx UNUSED, unsigned char *chunk UNUSED, size_t length UNUSED) { return SMFIS_CONTINUE; }

static sfsistat message_end(SMFICTX *ctx) {
    smfi_addheader(ctx, "X-Bounce-Explanation", "one fixed line");
    return SMFIS_CONTINUE;
}

static sfsistat forget(SMFICTX *ctx) {
    smfi_setpriv(ctx, NULL);
    return SMFIS_CONTINUE;
}

int main(int count, char **words) {
    struct smfiDesc filter = {
        .xxfi_name = "noop", .xxfi_version = SMFI_VERSION, .xxfi_flags = SMFIF_ADDHDRS, .xxfi_envfrom = sender,
        .xxfi_header = header, .xxfi_eoh = header_end, .xxfi_body = body, .xxfi_eom = message_end,
        .xxfi_abort = forget, .xxfi_close = forget, .xxfi_negotiate = negotiate,
    };
    if (count != 2) {
        fprintf(stderr, "usage: noop SOCKET\n");
        return 2;
    }
    if (smfi_setconn(words[1]) || smfi_register(filter) || smfi_opensocket(1)) return 1;
    return smfi_main();
}
