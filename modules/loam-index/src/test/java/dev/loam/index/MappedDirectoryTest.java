package dev.loam.index;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.io.TempDir;

/** That the contract is Lucene's. */
class MappedDirectoryTest extends DirectoryContract {
    @TempDir Path path;

    @Override
    Directory open() throws IOException {
        return FSDirectory.open(path);
    }
}
