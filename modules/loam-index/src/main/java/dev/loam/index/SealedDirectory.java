package dev.loam.index;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.OutputStreamIndexOutput;

/**
 * Stores each file of an index as sealed blocks, all but the lock. A file is decrypted whole when
 * it is opened, and once: while it is open, another opening shares what is there. So whatever is
 * read of it was authentic, to its end; nothing that was altered is ever a part of an answer.
 *
 * <p>No commit is ever on the disk whose files' keys are not. Lucene makes one by renaming: the
 * table is made durable before that, with the keys of all files that are there and under the new
 * name already. A crash leaves
 *
 * <ul>
 *   <li>before the table is written: files without a key, which no commit names and which the next
 *       writer deletes;
 *   <li>between the table and the renaming: the commit before, whose files are deleted and whose
 *       keys are forgotten only after the renaming is durable; of the new one a file under its
 *       pending name, without a key, which the next writer deletes;
 *   <li>after the renaming: the new commit and its keys.
 * </ul>
 *
 * That Lucene forces a file needs no durable key: nothing names it yet.
 */
final class SealedDirectory extends FilterDirectory {
    private static final int BUFFER_BYTES = 8_192;

    private final IndexSealing sealing;

    /** What is open, by the name under which it would be opened again. */
    private final ConcurrentHashMap<String, DecryptedFile> open = new ConcurrentHashMap<>();

    SealedDirectory(Directory disk, IndexSealing sealing) {
        super(disk);
        this.sealing = sealing;
    }

    @Override
    public String[] listAll() throws IOException {
        return Stream.of(in.listAll())
                .filter(name -> !name.startsWith(IndexSealing.OWN_FILES))
                .toArray(String[]::new);
    }

    /** Of the content. */
    @Override
    public long fileLength(String name) throws IOException {
        long stored = in.fileLength(name);
        return name.equals(IndexWriter.WRITE_LOCK_NAME) ? stored : find(name).contentBytes();
    }

    private IndexSealing.SealedFile find(String name) throws CorruptIndexException {
        return sealing.open(name)
                .orElseThrow(() -> new CorruptIndexException("there is no key for it", name));
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        return seal(in.createOutput(name, context));
    }

    @Override
    public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
            throws IOException {
        return seal(in.createTempOutput(prefix, suffix, context));
    }

    private IndexOutput seal(IndexOutput stored) throws IOException {
        String name = stored.getName();
        try {
            open.remove(name);
            SealingStream stream =
                    new SealingStream(
                            stored,
                            sealing.create(name),
                            contentBytes -> sealing.finished(name, contentBytes));
            return new OutputStreamIndexOutput(stored.toString(), name, stream, BUFFER_BYTES);
        } catch (RuntimeException failure) {
            stored.close();
            throw failure;
        }
    }

    @Override
    public IndexInput openInput(String name, IOContext context) throws IOException {
        DecryptedFile file = open.get(name);
        if (file == null || !file.retain()) {
            if (context.equals(IOContext.READONCE)) {
                // By one thread, from front to back: to end memory that others might read, the JVM
                // stops every thread for a moment, and most that is read once is small.
                DecryptedFile own = decrypt(name, Arena.ofConfined());
                return DecryptedInput.of("sealed " + name, own.content(), own::release);
            }
            file = decrypt(name, Arena.ofShared());
            // Of two that decrypt the same at the same time one is shared later, both are right.
            open.put(name, file);
        }
        DecryptedFile opened = file;
        return DecryptedInput.of(
                "sealed " + name,
                opened.content(),
                () -> {
                    if (opened.release()) {
                        open.remove(name, opened);
                    }
                });
    }

    /** All that is read is decrypted here: what a bound on memory would have to decide upon. */
    private DecryptedFile decrypt(String name, Arena arena) throws IOException {
        try (IndexInput stored = in.openInput(name, IOContext.READONCE)) {
            return DecryptedFile.read(stored, find(name), arena);
        }
    }

    /** After a failure the key stays with the new name: the file may have got it. */
    @Override
    public void rename(String from, String to) throws IOException {
        open.remove(from);
        open.remove(to);
        sealing.renamed(from, to);
        sealing.persist();
        in.rename(from, to);
    }

    @Override
    public void deleteFile(String name) throws IOException {
        in.deleteFile(name);
        open.remove(name);
        sealing.deleted(name);
    }
}
