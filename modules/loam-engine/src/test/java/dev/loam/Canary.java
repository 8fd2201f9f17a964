package dev.loam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Words that stand nowhere else, and the search for them in every byte of every file. They are of
 * letters that no stemmer changes and no compressor finds twice; sought as UTF-8, as UTF-16, in
 * hexadecimal and in base 64 however it is aligned; vectors by the bytes of their floats.
 */
final class Canary {
    private static final String LETTERS = "bcdfghjklmnpqrtvwxz";
    private static final int WORD_LETTERS = 14;

    private final Random random;
    private final Map<String, List<byte[]>> sought = new LinkedHashMap<>();

    Canary(long seed) {
        this.random = new Random(seed);
    }

    /** A word that is sought from now on. */
    String word(String what) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < WORD_LETTERS; i++) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        sought.put(what, formsOf(word.toString()));
        return word.toString();
    }

    /** Numbers that are sought from now on, by any two that follow each other. */
    float[] vector(String what, int size) {
        float[] vector = new float[size];
        List<byte[]> forms = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            vector[i] = random.nextFloat() * 2 - 1;
        }
        for (int i = 0; i + 1 < size; i++) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                forms.add(
                        ByteBuffer.allocate(2 * Float.BYTES)
                                .order(order)
                                .putFloat(vector[i])
                                .putFloat(vector[i + 1])
                                .array());
            }
        }
        sought.put(what, forms);
        return vector;
    }

    private static List<byte[]> formsOf(String word) {
        byte[] plain = word.getBytes(StandardCharsets.UTF_8);
        List<byte[]> forms = new ArrayList<>();
        forms.add(plain);
        forms.add(word.getBytes(StandardCharsets.UTF_16LE));
        forms.add(word.getBytes(StandardCharsets.UTF_16BE));
        forms.add(ascii(HexFormat.of().formatHex(plain)));
        forms.add(ascii(HexFormat.of().withUpperCase().formatHex(plain)));
        for (int skipped = 0; skipped < 3; skipped++) {
            byte[] aligned = new byte[(plain.length - skipped) / 3 * 3];
            System.arraycopy(plain, skipped, aligned, 0, aligned.length);
            forms.add(ascii(Base64.getEncoder().encodeToString(aligned)));
        }
        return forms;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What was found below a directory: in the content of a file, or in its name. */
    Map<String, List<Path>> findIn(Path root) throws IOException {
        Map<String, List<Path>> found = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                byte[] name = ascii(file.getFileName().toString());
                byte[] content = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
                sought.forEach(
                        (what, forms) -> {
                            if (isIn(forms, content) || isIn(forms, name)) {
                                found.computeIfAbsent(what, _ -> new ArrayList<>())
                                        .add(root.relativize(file));
                            }
                        });
            }
        }
        return found;
    }

    /** All that is sought. */
    List<String> words() {
        return List.copyOf(sought.keySet());
    }

    private static boolean isIn(List<byte[]> forms, byte[] content) {
        return forms.stream().anyMatch(form -> isIn(form, content));
    }

    private static boolean isIn(byte[] form, byte[] content) {
        int last = content.length - form.length;
        for (int at = 0; at <= last; at++) {
            int same = 0;
            while (same < form.length && content[at + same] == form[same]) {
                same++;
            }
            if (same == form.length) {
                return true;
            }
        }
        return false;
    }
}
