package dev.loam.longrun;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Another library that merges the same work, in a process of its own. */
final class MergePeer implements AutoCloseable {
    static final List<String> LIBRARIES = List.of("yjs", "loro", "automerge", "pekko");

    private final String name;
    private final Process process;
    private final Path errors;
    private final BufferedReader answers;
    private final Writer requests;
    private final int updates;
    private final long bytes;

    private MergePeer(String library, Process process, Path errors) throws IOException {
        this.process = process;
        this.errors = errors;
        this.answers = process.inputReader();
        this.requests = process.outputWriter();
        String[] work = answer().split(" ", -1);
        this.updates = Integer.parseInt(work[0]);
        this.bytes = Long.parseLong(work[1]);
        this.name = library + " " + work[2];
    }

    /**
     * @param peers where the adapters and the libraries are
     * @param batches how many of them it merges, since one of the libraries takes minutes for all
     * @throws IOException if the library does not load; the message says why
     */
    static MergePeer start(Path peers, String library, Path updates, int batches)
            throws IOException {
        List<String> command = new ArrayList<>(adapter(library));
        command.add(updates.toString());
        command.add("" + batches);
        Path errors = updates.resolveSibling(library + ".err");
        return new MergePeer(
                library,
                new ProcessBuilder(command)
                        .directory(peers.toFile())
                        .redirectError(errors.toFile())
                        .start(),
                errors);
    }

    private static List<String> adapter(String library) {
        if (library.equals("pekko")) {
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return List.of(java, "-Xmx2g", "-cp", "pekko/*", "PekkoMerge.java");
        }
        return List.of("node", "merge.mjs", library);
    }

    /** The library and its version. */
    String name() {
        return name;
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
            throw new IOException(reason());
        }
        return line;
    }

    /** What it had to say when it ended. */
    private String reason() throws IOException {
        try (Stream<String> lines = Files.lines(errors)) {
            return lines.filter(line -> line.contains("rror: ") || line.contains("Error ["))
                    .findFirst()
                    .orElse("it has ended without an answer");
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
