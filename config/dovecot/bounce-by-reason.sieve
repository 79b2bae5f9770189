# As bounce-review.sieve, with a folder for each reason, such as Bounces-user-unknown or Bounces-mailbox-full.
# The first X-Bounce-Details is the worst recipient's. Only the reasons listed become folders: text that a stranger
# chose, such as an address, can never name one.
require ["fileinto", "mailbox", "variables"];

if header :is "X-Bounce-Review" "yes" {
    if header :matches "X-Bounce-Details" "*; reason=*; *" {
        set "reason" "${2}";
    }
    if string :is "${reason}" [
        "user-unknown", "bad-address-syntax", "mailbox-moved", "mailbox-disabled", "mailbox-full", "domain-unknown",
        "domain-accepts-no-mail", "dns-failure", "connection-failed", "delivery-expired", "mail-loop", "relay-denied",
        "greylisted", "rate-limited", "system-error", "message-too-large", "attachment-refused", "virus-found",
        "spam-content", "blocklisted", "authentication-failed", "reverse-dns", "tls-failed", "sender-refused",
        "sender-not-allowed", "policy-refused", "format-refused", "protocol-error", "account-restricted", "unknown"
    ] {
        fileinto :create "Bounces-${reason}";
    } else {
        fileinto :create "Bounces-Review";
    }
    stop;
}
