package dev.loam.index;

import java.util.Optional;

/**
 * Seals the files of one index, each under a key of its own. The keys are the caller's, who keeps
 * them in a table of his own; the index knows none. A table that is lost or cannot be read is one
 * that knows no file: the index is then built anew. Any thread.
 */
public interface IndexSealing {
    /**
     * How the names of the table's own files begin. They lie in the index's directory beside
     * Lucene's, which has no such names; the index passes over them until it empties the directory.
     */
    String OWN_FILES = "KEYS";

    /** By how much a sealed block is longer than its content: its number, 8 bytes, and the tag. */
    int OVERHEAD_BYTES = 24;

    /**
     * For a new file: with a fresh key, which nobody else seals with. Takes the place of what was
     * known of a file of that name.
     */
    BlockSealer create(String file);

    /** What was sealed under that name; empty if it is not known, or not {@link #finished}. */
    Optional<SealedFile> open(String file);

    /** A file that was created is written, with so much content. */
    void finished(String file, long contentBytes);

    /** What was known of {@code from} is known of {@code to}, and of {@code from} no more. */
    void renamed(String from, String to);

    /** The file is gone; its key may be forgotten. Also told of files that were never known. */
    void deleted(String file);

    /**
     * What was told before is on the disk for good when it returns. Called before a commit names
     * the files.
     *
     * @throws dev.loam.core.LoamException if it is not; the commit is then not made
     */
    void persist();

    /** The directory was emptied, of the table's own files too: all keys may be forgotten. */
    void clear();

    /** Seals the blocks of one new file, from the first to the last. One thread at a time. */
    interface BlockSealer extends AutoCloseable {
        /**
         * Seals a block into the beginning of {@code sealed}, which has room for {@link
         * #OVERHEAD_BYTES} more than the content.
         *
         * @param associated what is not stored, and must be the same when the block is opened
         * @param content of which the first {@code length} bytes are sealed
         */
        void seal(byte[] associated, byte[] content, int length, byte[] sealed);

        /** Wipes the key. */
        @Override
        void close();
    }

    /** Opens the blocks of one file, in any order. One thread at a time. */
    interface BlockOpener extends AutoCloseable {
        /**
         * Opens a block into the beginning of {@code content}. False if it, or what is associated
         * with it, is not what was sealed: {@code content} then holds nothing to be used.
         *
         * @param sealed of which the first {@code length} bytes are the block
         */
        boolean open(byte[] associated, byte[] sealed, int length, byte[] content);

        /** Wipes the key. */
        @Override
        void close();
    }

    /** A file that was sealed and is known. */
    interface SealedFile {
        /** As {@link #finished} was told. */
        long contentBytes();

        /** The caller's to close. */
        BlockOpener opener();
    }
}
