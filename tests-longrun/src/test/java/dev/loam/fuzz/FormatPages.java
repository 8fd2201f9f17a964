package dev.loam.fuzz;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The golden bytes of docs/formats, wherever the process was started. */
public final class FormatPages {
    private FormatPages() {}

    /** A block in hexadecimal. */
    public static byte[] bytes(String page, String block) throws IOException {
        return Bytes.fromHex(block(page, block).replaceAll("#.*|\\s", "")).toArray();
    }

    /** A block of text. */
    public static byte[] text(String page, String block) throws IOException {
        return block(page, block).getBytes(StandardCharsets.UTF_8);
    }

    private static String block(String page, String block) throws IOException {
        String all = Files.readString(formats().resolve(page));
        Matcher found =
                Pattern.compile(
                                "```(?:hex|text golden|text) " + block + "\n(.*?)```",
                                Pattern.DOTALL)
                        .matcher(all);
        if (!found.find()) {
            throw new AssertionError(page + " has no block " + block);
        }
        return found.group(1);
    }

    private static Path formats() {
        try {
            Path classes =
                    Path.of(
                            FormatPages.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return classes.resolve("../../../docs/formats").normalize();
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
