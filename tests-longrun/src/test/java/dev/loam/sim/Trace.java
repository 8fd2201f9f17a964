package dev.loam.sim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/** All that could be seen of a world, as one hash; the last lines are kept for whoever asks why. */
final class Trace {
    private final int linesKept;
    private final MessageDigest hash;
    private final Deque<String> last = new ArrayDeque<>();

    Trace(int linesKept) {
        this.linesKept = linesKept;
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java has SHA-256", impossible);
        }
    }

    void line(long millis, String what) {
        String line = millis + " " + what;
        hash.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        last.add(line);
        if (last.size() > linesKept) {
            last.remove();
        }
    }

    List<String> last() {
        return List.copyOf(last);
    }

    /** Of all lines; nothing may be added after it. */
    String hash() {
        return HexFormat.of().formatHex(hash.digest());
    }
}
