package dev.loam.cli;

import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.Vault;
import dev.loam.core.ErrorCode;
import dev.loam.core.FieldName;
import dev.loam.core.LoamException;
import dev.loam.core.Value;
import dev.loam.json.JsonObject;
import dev.loam.json.LoamJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam get}. */
@Command(
        name = "get",
        description = {
            "Show a memory with its time, tags and fields.",
            "Where devices changed a field without knowing of each other, the values that lost are"
                    + " shown too; with --as-of they are not."
        })
final class GetCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "KEY", description = "The memory's key.")
    private String key = "";

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "As it was at this time, by the operations of all devices up to then.")
    private @Nullable Instant asOf;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Vault vault = store.vault();
            Memory memory = read(vault).orElseThrow(() -> absent(vault));
            SequencedMap<String, List<Value>> conflicts =
                    asOf == null ? conflicts(vault, memory) : new LinkedHashMap<>();
            if (common.json()) {
                common.print(document(memory, conflicts));
            } else {
                common.print(MemoryText.full(memory, conflicts));
            }
        }
        return ExitCode.OK.number();
    }

    private Optional<Memory> read(Vault vault) {
        Instant time = asOf;
        return time == null ? vault.get(key) : vault.asOf(time).get(key);
    }

    private LoamException absent(Vault vault) {
        return new LoamException(
                ErrorCode.NOT_FOUND,
                "vault "
                        + vault.name()
                        + (asOf == null
                                ? " has no memory under this key"
                                : " had no memory under this key at " + asOf));
    }

    /** By field, all values where there is more than one, the one that counts first. */
    private static SequencedMap<String, List<Value>> conflicts(Vault vault, Memory memory) {
        List<FieldName> names = new ArrayList<>(List.of(FieldName.TEXT, FieldName.TIME));
        names.addAll(memory.fields().keySet());
        SequencedMap<String, List<Value>> conflicts = new LinkedHashMap<>();
        for (FieldName name : names) {
            List<Value> values = vault.siblings(memory.key(), name.name());
            if (values.size() > 1) {
                conflicts.put(name.name(), values);
            }
        }
        return conflicts;
    }

    private static JsonObject document(Memory memory, SequencedMap<String, List<Value>> conflicts) {
        JsonObject.Builder siblings = JsonObject.builder();
        conflicts.forEach((name, values) -> siblings.put(name, LoamJson.siblings(values)));
        return JsonObject.builder()
                .put("memory", LoamJson.memory(memory))
                .put("siblings", siblings.build())
                .build();
    }
}
