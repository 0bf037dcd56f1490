# Sourced. test_summary LOG: the test runner's counts as "N passed, N failed, N skipped"; fails where LOG has none.
test_summary() {
    local counts total errors failed skipped
    local pattern='.*Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\).*'
    counts=$(sed -n "s/$pattern/\1 \2 \3 \4/p" "$1" | tail -1)
    [ -n "$counts" ] || return 1
    read -r total errors failed skipped <<< "$counts"
    echo "$((total - failed - skipped)) passed, $((failed + errors)) failed, $skipped skipped"
}

# tests_ran SUMMARY: whether any did.
tests_ran() {
    case $1 in "0 passed, 0 failed, "*) return 1 ;; esac
}
