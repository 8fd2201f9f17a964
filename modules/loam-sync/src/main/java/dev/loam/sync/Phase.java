package dev.loam.sync;

/** How far a session is. It only ever goes forward. */
enum Phase {
    /** Nothing has happened. */
    NEW,
    /** Our HELLO is out, the peer's has not come. */
    GREETING,
    /** The same batches gave two states: the records are looked for, and nothing is exchanged. */
    DIVERGING,
    /** Our PLAN is out, the peer's has not come. */
    PLANNING,
    /** Batches move. */
    MOVING,
    /** Nothing is owed either way and our END says so; the peer's has not come. */
    CLOSING,
    ENDED
}
