# A user's own script with an answer for absence that no bounce gets. Dovecot never answers the null sender (RFC 5230
# 4.6), but not every bounce has it: the filter's explanation stands in each that it explains, reports of delivery too.
require ["vacation"];

if not exists "X-Bounce-Explanation" {
    vacation :days 7 :subject "I am away" "I am away until Monday and read your mail then.";
}
