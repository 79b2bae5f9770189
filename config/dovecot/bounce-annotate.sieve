# The fields without a milter: a bounce goes through `bounce-milter annotate` when it is delivered.
# Where that fails, the bounce is delivered as it is. Each call starts a program (about a second), so only what may be a
# bounce is shown to it. Fields that a stranger set are removed before.
require ["editheader", "envelope", "vnd.dovecot.filter"];

deleteheader "X-Bounce-Explanation";
deleteheader "X-Bounce-Details";
deleteheader "X-Bounce-Class";
deleteheader "X-Bounce-Review";
deleteheader "X-Bounce-Original-Recipients";

if anyof (
    envelope :is "from" "",
    header :contains "Content-Type" ["multipart/report", "delivery-status"],
    header :contains "From" ["mailer-daemon", "postmaster", "mail delivery"],
    header :contains "Subject" ["undeliver", "delivery status", "delivery failure", "failure notice", "returned mail"],
    exists "X-Failed-Recipients"
) {
    filter "bounce-milter-annotate";
}
