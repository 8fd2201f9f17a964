package dev.loam.index;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.NRTCachingDirectory;

/**
 * Keeps the files of small fresh segments in memory until a commit or a merge asks for them, and
 * forces each file once.
 *
 * <p>The stock class looks at the size that a flush or merge announces. The writers of vectors and
 * stored fields create their files before either, without announcing anything; on a disk, creating
 * these would be most of the cost of a refresh. What they hold is bounded by the writer's buffer.
 *
 * <p>A commit asks for a force of every file of the index, old or new, and for a disk a force of
 * what it has already is a flush like any other. Lucene writes a file once.
 */
final class FreshFilesDirectory extends NRTCachingDirectory {
    private static final double CACHED_SEGMENT_MEGABYTES_MAX = 8;
    private static final double CACHED_MEGABYTES_MAX = 96;

    /** Not what was there at the opening: who put it there may not have forced it. */
    private final Set<String> forced = ConcurrentHashMap.newKeySet();

    private volatile boolean isLoading;

    FreshFilesDirectory(Directory disk) {
        super(disk, CACHED_SEGMENT_MEGABYTES_MAX, CACHED_MEGABYTES_MAX);
    }

    /** Keeps nothing in memory while nobody searches: there is no refresh to be made cheap. */
    void setLoading(boolean loading) {
        isLoading = loading;
    }

    @Override
    protected boolean doCacheWrite(String name, IOContext context) {
        if (isLoading) {
            return false;
        }
        boolean unannounced = context.mergeInfo() == null && context.flushInfo() == null;
        if (unannounced && !name.startsWith("segments") && !name.startsWith("pending_segments")) {
            return ramBytesUsed() < CACHED_MEGABYTES_MAX * (1 << 20);
        }
        return super.doCacheWrite(name, context);
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
        List<String> fresh = names.stream().filter(name -> !forced.contains(name)).toList();
        super.sync(fresh);
        forced.addAll(fresh);
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
        forced.remove(name);
        return super.createOutput(name, context);
    }

    /**
     * The stock class holds its lock meanwhile, and the disk may have to decrypt the whole file. A
     * file leaves the memory only when it is on the disk already.
     */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // that is what it is for
    public IndexInput openInput(String name, IOContext context) throws IOException {
        return List.of(listCachedFiles()).contains(name)
                ? super.openInput(name, context)
                : in.openInput(name, context);
    }

    @Override
    public synchronized void deleteFile(String name) throws IOException {
        forced.remove(name);
        super.deleteFile(name);
    }

    @Override
    public void rename(String source, String target) throws IOException {
        forced.remove(source);
        forced.remove(target);
        super.rename(source, target);
    }
}
