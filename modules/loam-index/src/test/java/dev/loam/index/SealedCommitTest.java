package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves, at each step of the commits of a writer that also merges and deletes. */
class SealedCommitTest {
    private static final int COMMITS = 12;

    @TempDir Path temporary;
    private final List<Image> images = new ArrayList<>();
    private int committed;

    /** The directory as it was at one step, and the last commit that had returned by then. */
    private record Image(Path path, String step, int committed) {}

    @Test
    void aCrashAtAnyStepLeavesACommitWhoseFilesAllOpen() throws IOException {
        Path path = Files.createDirectory(temporary.resolve("index"));
        KeyTable table = new KeyTable(path);
        try (Directory directory =
                        new FreshFilesDirectory(
                                new SealedDirectory(
                                        new Photographed(FSDirectory.open(path)), table));
                IndexWriter writer =
                        new IndexWriter(
                                directory, new IndexWriterConfig().setCommitOnClose(false))) {
            for (int commit = 1; commit <= COMMITS; commit++) {
                Document document = new Document();
                document.add(new StringField("id", "id" + commit % 5, Field.Store.NO));
                document.add(new StoredField("commit", commit));
                writer.updateDocument(new Term("id", "id" + commit % 5), document);
                writer.setLiveCommitData(Map.of("commit", "" + commit).entrySet());
                if (commit % 4 == 0) {
                    writer.forceMerge(1);
                }
                writer.commit();
                committed = commit;
            }
        }

        assertThat(images).hasSizeGreaterThan(8 * COMMITS);
        for (Image image : images) {
            assertThat(commitOf(image))
                    .as("%s after commit %s", image.step(), image.committed())
                    .isBetween(image.committed(), image.committed() + 1);
        }
        assertThat(images).anyMatch(image -> commitOf(image) == image.committed() + 1);
    }

    /** Which one it is; all its documents are read. */
    private static int commitOf(Image image) {
        try (Directory directory =
                new SealedDirectory(FSDirectory.open(image.path()), new KeyTable(image.path()))) {
            if (!DirectoryReader.indexExists(directory)) {
                return 0;
            }
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                int commit = Integer.parseInt(reader.getIndexCommit().getUserData().get("commit"));
                assertThat(reader.numDocs()).isEqualTo(Math.min(commit, 5));
                for (int document = 0; document < reader.maxDoc(); document++) {
                    assertThat(reader.storedFields().document(document).getField("commit"))
                            .isNotNull();
                }
                return commit;
            }
        } catch (IOException failure) {
            throw new AssertionError(image.step() + " after " + image.committed(), failure);
        }
    }

    /** A disk that is copied before and after each step that counts. */
    private final class Photographed extends FilterDirectory {
        Photographed(Directory disk) {
            super(disk);
        }

        private interface Step {
            void run() throws IOException;
        }

        private void photographed(String name, Step step) throws IOException {
            photograph("before " + name);
            step.run();
            photograph("after " + name);
        }

        private void photograph(String step) throws IOException {
            Path copy = Files.createTempDirectory(temporary, "image");
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(temporary.resolve("index"))) {
                for (Path file : files) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
            images.add(new Image(copy, step, committed));
        }

        @Override
        public void sync(Collection<String> names) throws IOException {
            photographed("forcing " + names, () -> super.sync(names));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            photographed("renaming " + from, () -> super.rename(from, to));
        }

        @Override
        public void syncMetaData() throws IOException {
            photographed("forcing the directory", super::syncMetaData);
        }

        @Override
        public void deleteFile(String name) throws IOException {
            photographed("deleting " + name, () -> super.deleteFile(name));
        }
    }
}
