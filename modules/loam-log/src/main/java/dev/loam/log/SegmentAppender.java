package dev.loam.log;

import java.io.IOException;
import java.nio.file.Path;

/** Appends documents to the file of one new segment. What it wrote is not forced. */
interface SegmentAppender {
    /** The file, present from the first append on. */
    Path file();

    /** Appends one document. Whatever it throws, the file's end is then unknown. */
    void append(byte[] frame);

    /** Lets go of the file, which nobody appends to again. */
    void close();

    /** Makes segment files. */
    @FunctionalInterface
    interface Factory {
        /**
         * @param directory empty
         * @param blockBytes of the mapping: at least four times the largest document
         */
        SegmentAppender create(Path directory, int blockBytes) throws IOException;
    }
}
