package dev.loam.log;

import java.io.IOException;

/** A change that opening found to be needed. May be run again. */
@FunctionalInterface
interface Repair {
    void run() throws IOException;
}
