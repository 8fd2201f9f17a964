package dev.loam.cli;

import dev.loam.Memory;
import dev.loam.Receipt;
import dev.loam.core.ErrorCode;
import dev.loam.core.Limits;
import dev.loam.core.LoamException;
import dev.loam.json.LoamJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam remember}. */
@Command(
        name = "remember",
        description = {
            "Remember a text; a memory under the same key is replaced.",
            "What is printed is durable: a crash right after loses nothing."
        })
final class RememberCommand implements Callable<Integer> {
    // A store may hold thousands of texts without vectors; this command is about one of them.
    private static final Duration EMBEDDING_MAX = Duration.ofSeconds(30);

    @Mixin private final CommonOptions common = new CommonOptions();
    @Mixin private final EmbeddingOptions embedding = new EmbeddingOptions();

    @Parameters(paramLabel = "TEXT", description = "The text, or - to read it from stdin.")
    private String text = "";

    @Option(names = "--key", description = "Its key; without one Loam makes one.")
    private @Nullable String key;

    @Option(names = "--tag", paramLabel = "TAG", description = "A tag; may be repeated.")
    private List<String> tags = List.of();

    @Option(names = "--field", paramLabel = "NAME=VALUE", description = "A field; may be repeated.")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--time",
            converter = TimeConverter.class,
            description = "When it happened: 2026-01-31 or 2026-01-31T12:00:00Z; default: now.")
    private @Nullable Instant time;

    @Option(names = "--session", description = "The session (conversation) that it belongs to.")
    private @Nullable String session;

    @Override
    public Integer call() {
        Memory memory = memory();
        try (Model model = embedding.load();
                OpenStore store = common.openOrMake(model.options())) {
            Receipt receipt = store.vault().put(memory);
            if (common.json()) {
                common.print(LoamJson.receipt(receipt));
            } else {
                common.print("remembered " + receipt.key());
            }
            model.embed(store.loam(), common, EMBEDDING_MAX);
        }
        return ExitCode.OK.number();
    }

    private Memory memory() {
        Memory memory = Memory.of(text.equals("-") ? fromStdin() : text);
        if (key != null) {
            memory = memory.key(key);
        }
        if (time != null) {
            memory = memory.at(time);
        }
        if (session != null) {
            memory = memory.field("session", session);
        }
        for (Map.Entry<String, String> field : fields.entrySet()) {
            memory = memory.field(field.getKey(), field.getValue());
        }
        for (String tag : tags) {
            memory = memory.tag(tag);
        }
        return memory;
    }

    private String fromStdin() {
        try {
            InputStream in = common.surroundings().in();
            byte[] bytes = in.readNBytes(Limits.VALUE_BYTES_MAX + 2);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\R\\z", "");
        } catch (CharacterCodingException malformed) {
            throw new LoamException(
                    ErrorCode.INVALID_ARGUMENT, "stdin is not UTF-8 text", malformed);
        } catch (IOException failed) {
            throw new LoamException(ErrorCode.IO_FAILED, "stdin cannot be read", failed);
        }
    }
}
