package dev.loam.index;

import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.NRTCachingDirectory;

/**
 * Keeps the files of small fresh segments in memory until a commit or a merge asks for them.
 *
 * <p>The stock class looks at the size that a flush or merge announces. The writers of vectors and
 * stored fields create their files before either, without announcing anything; on a disk, creating
 * these would be most of the cost of a refresh. What they hold is bounded by the writer's buffer.
 */
final class FreshFilesDirectory extends NRTCachingDirectory {
    private static final double CACHED_SEGMENT_MEGABYTES_MAX = 8;
    private static final double CACHED_MEGABYTES_MAX = 96;

    FreshFilesDirectory(Directory disk) {
        super(disk, CACHED_SEGMENT_MEGABYTES_MAX, CACHED_MEGABYTES_MAX);
    }

    @Override
    protected boolean doCacheWrite(String name, IOContext context) {
        boolean unannounced = context.mergeInfo() == null && context.flushInfo() == null;
        if (unannounced && !name.startsWith("segments") && !name.startsWith("pending_segments")) {
            return ramBytesUsed() < CACHED_MEGABYTES_MAX * (1 << 20);
        }
        return super.doCacheWrite(name, context);
    }
}
