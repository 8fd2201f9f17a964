package dev.loam.longrun;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;

/** Another library that merges the same work, in a process of its own. */
final class MergePeer implements AutoCloseable {
    private final String library;
    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;
    private final int updates;
    private final long bytes;

    private MergePeer(String library, Process process) throws IOException {
        this.library = library;
        this.process = process;
        this.answers = process.inputReader();
        this.requests = process.outputWriter();
        String[] work = answer().split(" ", -1);
        this.updates = Integer.parseInt(work[0]);
        this.bytes = Long.parseLong(work[1]);
    }

    /**
     * @param batches how many of them it merges, since one of the libraries takes minutes for all
     */
    static MergePeer start(Path peers, String library, Path updates, int batches)
            throws IOException {
        return new MergePeer(
                library,
                new ProcessBuilder("node", "merge.mjs", library, updates.toString(), "" + batches)
                        .directory(peers.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    int updates() {
        return updates;
    }

    /** Of an update, as it would be sent. */
    double bytesPerUpdate() {
        return (double) bytes / updates;
    }

    /** Merges everything into an empty document, once; updates a second. */
    double merge() throws IOException {
        requests.write("\n");
        requests.flush();
        return updates / (Double.parseDouble(answer()) / 1e3);
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(library + " has ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
