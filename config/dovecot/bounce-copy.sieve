# As bounce-review.sieve, but the bounce stays in the inbox too: for users who want to see each one.
require ["copy", "fileinto", "mailbox"];

if header :is "X-Bounce-Review" "yes" {
    fileinto :copy :create "Bounces-Review";
}
