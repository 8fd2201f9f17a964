package dev.loam.log;

import java.util.List;

/**
 * A log as it was found.
 *
 * @param end last position that was given out, as far as anybody knows
 * @param repairs still to be made, in this order
 */
record Recovered(
        LogDirectory log,
        LogKeys keys,
        Manifest manifest,
        long end,
        List<Repair> repairs,
        OpenedLog report) {
    Recovered {
        repairs = List.copyOf(repairs);
    }
}
