/*
 * linger: ends a connection on which more may be coming.
 *
 * Closed with bytes unread, a connection is reset, and what was sent last may be lost on the other
 * side: the answer that says why. (RFC 9112, section 9.6)
 */
#pragma once

/* Says that nothing more will be sent, and drops what comes until the other side closes, for
 * LIMIT_LINGER_SECONDS at most. The caller closes. */
void linger(int descriptor);
