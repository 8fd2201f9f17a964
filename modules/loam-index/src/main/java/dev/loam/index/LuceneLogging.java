package dev.loam.index;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What Lucene would say on the standard error stream of the process that Loam is embedded in. */
final class LuceneLogging {
    // The logging framework holds loggers weakly; a level would be forgotten with its logger.
    private static final Logger LOGGER = Logger.getLogger("org.apache.lucene");

    private LuceneLogging() {}

    /** To be called before the first class of Lucene's is used. An application's level stays. */
    static void silence() {
        if (LOGGER.getLevel() == null) {
            LOGGER.setLevel(Level.OFF);
        }
    }
}
