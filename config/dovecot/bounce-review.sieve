# Permanent failures go to the folder Bounces-Review of whoever gets them; all other mail stays where it was.
# Needs the filter with [review] mode = "mark": it sets X-Bounce-Review, and removes it from mail that comes with one.
require ["fileinto", "mailbox"];

if header :is "X-Bounce-Review" "yes" {
    fileinto :create "Bounces-Review";
    stop;
}
