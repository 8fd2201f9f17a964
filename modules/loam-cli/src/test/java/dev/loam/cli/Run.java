package dev.loam.cli;

import dev.loam.json.JsonObject;
import dev.loam.json.JsonValue;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One run of the command line in this process. */
record Run(int code, String out, String err) {
    /** Runs with {@code home} as home directory, whose {@code .loam} is the store. */
    static Run of(Path home, String... arguments) {
        return withInput("", home, arguments);
    }

    static Run withInput(String stdin, Path home, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings =
                new Surroundings(
                        Map.of(),
                        home,
                        new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        new TypedSecrets().descriptor(0, stdin),
                        false,
                        80);
        int code = Main.run(surroundings, arguments);
        return new Run(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs where stdout takes nothing, as on a full disk. */
    static Run withFullOutput(Path home, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int next) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        Surroundings surroundings =
                new Surroundings(
                        Map.of(),
                        home,
                        InputStream.nullInputStream(),
                        new PrintStream(
                                new BufferedOutputStream(full), false, StandardCharsets.UTF_8),
                        new PrintStream(err, false, StandardCharsets.UTF_8),
                        new TypedSecrets(),
                        false,
                        80);
        int code = Main.run(surroundings, arguments);
        return new Run(code, "", err.toString(StandardCharsets.UTF_8));
    }

    /** Stdout as the one document that it must be. */
    JsonObject document() {
        return (JsonObject) JsonValue.parse(out);
    }

    JsonObject object(String member) {
        return (JsonObject) document().member(member).orElseThrow();
    }

    List<JsonValue> elements(String member) {
        return ((JsonValue.Sequence) document().member(member).orElseThrow()).elements();
    }
}
