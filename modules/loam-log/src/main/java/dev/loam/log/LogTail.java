package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.Position;

/**
 * Judges the last entries of a log that was not closed: a power cut may have kept some of a group
 * that stand only together. It is shown those of which the log cannot tell that they were
 * acknowledged, once and in their order. One judges one segment, as a group lies in one.
 */
public interface LogTail {
    /** Takes every entry for whole. */
    LogTail WHOLE =
            new LogTail() {
                @Override
                public void entry(Position at, Bytes payload) {}

                @Override
                public Position wholeThrough(Position last) {
                    return last;
                }
            };

    void entry(Position at, Bytes payload);

    /**
     * The last entry that stays; what follows was never acknowledged, and is left out.
     *
     * @param last that was shown
     */
    Position wholeThrough(Position last);
}
