/**
 * A port of this machine on which nothing listens: lower than any that a system gives away by itself, for another test's
 * server may get one that was just let go. (Port 1 and its like fetch refuses without trying.)
 */
export const closedPort = 2;
