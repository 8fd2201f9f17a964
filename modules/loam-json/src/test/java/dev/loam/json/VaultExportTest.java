package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Loam;
import dev.loam.LoamOptions;
import dev.loam.Memory;
import dev.loam.StoredMemory;
import dev.loam.Vault;
import dev.loam.VaultView;
import dev.loam.core.Bytes;
import dev.loam.core.FieldName;
import dev.loam.core.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An exported and imported vault holds equal memories. */
final class VaultExportTest {
    private static final Instant MADE = Instant.parse("2026-01-31T12:00:00Z");

    private static List<String> export(Vault vault, ExportOptions options) {
        List<String> lines = new ArrayList<>();
        VaultExport.write(vault, options, MADE, lines::add);
        return lines;
    }

    private static ExportReader reader(List<String> lines) {
        byte[] file = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return ExportReader.of(new ByteArrayInputStream(file), ExportReader.MEMORIES_MAX);
    }

    /** How many memories were written. */
    private static int importTo(Vault vault, List<String> lines) {
        ExportReader reader = reader(lines);
        int written = 0;
        for (Optional<ExportReader.Item> item = reader.next();
                item.isPresent();
                item = reader.next()) {
            written += vault.restore(item.get().memory()) ? 1 : 0;
        }
        return written;
    }

    private static List<StoredMemory> all(Vault vault) {
        List<StoredMemory> all = new ArrayList<>();
        try (VaultView view = vault.view()) {
            view.forEach(all::add);
        }
        return all;
    }

    private static void withStore(Consumer<Loam> use) throws IOException {
        Path directory = Files.createTempDirectory("loam-export");
        try (Loam loam = Loam.open(directory, LoamOptions.unencrypted())) {
            use.accept(loam);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Property(tries = 60)
    void anExportedAndImportedVaultHoldsEqualMemories(@ForAll("vaults") List<StoredMemory> memories)
            throws IOException {
        withStore(
                loam -> {
                    Vault source = loam.vault("source");
                    Vault target = loam.vault("target");
                    source.put(Memory.of("is not exported").key("deleted"));
                    source.delete("deleted");
                    memories.forEach(source::restore);
                    List<StoredMemory> there = all(source);

                    List<String> lines = export(source, ExportOptions.all());
                    importTo(target, lines);

                    List<StoredMemory> here = all(target);
                    assertThat(here).hasSameSizeAs(there);
                    for (int i = 0; i < here.size(); i++) {
                        assertThat(here.get(i).key()).isEqualTo(there.get(i).key());
                        assertThat(here.get(i).holds(there.get(i))).isTrue();
                        assertThat(there.get(i).holds(here.get(i))).isTrue();
                    }
                    long end = loam.stats().end().number();
                    assertThat(importTo(target, lines)).isZero();
                    assertThat(loam.stats().end().number()).isEqualTo(end);
                    if (!there.isEmpty()) {
                        assertThat(withoutHeader(export(target, ExportOptions.all())))
                                .isEqualTo(withoutHeader(lines));
                    }
                });
    }

    private static List<String> withoutHeader(List<String> lines) {
        // The trailer has the hash of the header, which names the vault.
        return lines.subList(1, lines.size() - 1);
    }

    @Provide
    Arbitrary<List<StoredMemory>> vaults() {
        return memories().list().ofMaxSize(8);
    }

    private Arbitrary<StoredMemory> memories() {
        Arbitrary<Memory> bare =
                Combinators.combine(names(), texts(), times())
                        .as((key, text, time) -> Memory.of(text).key(key).at(time));
        Arbitrary<Memory> full =
                Combinators.combine(
                                bare,
                                named(values()),
                                names().list().ofMaxSize(4),
                                named(Arbitraries.longs()),
                                named(values().list().ofMinSize(1).ofMaxSize(3)))
                        .as(VaultExportTest::memory);
        Arbitrary<Memory> extremes =
                Combinators.combine(full, named(values()), named(values()), vectors())
                        .as(VaultExportTest::withExtremes);
        return Combinators.combine(
                        extremes, values().list().ofMaxSize(3), texts().list().ofMaxSize(2))
                .as(VaultExportTest::withConflicts);
    }

    private static Memory memory(
            Memory bare,
            TreeMap<String, Value> fields,
            List<String> tags,
            TreeMap<String, Long> counters,
            TreeMap<String, List<Value>> logs) {
        Memory memory = bare;
        for (var field : fields.entrySet()) {
            memory = memory.field(field.getKey(), field.getValue());
        }
        for (String tag : tags) {
            memory = memory.tag(tag);
        }
        for (var counter : counters.entrySet()) {
            memory = memory.counter(counter.getKey(), counter.getValue());
        }
        for (var log : logs.entrySet()) {
            for (Value entry : log.getValue()) {
                memory = memory.entry(log.getKey(), entry);
            }
        }
        return memory;
    }

    private static Memory withExtremes(
            Memory before,
            TreeMap<String, Value> maxima,
            TreeMap<String, Value> minima,
            List<Float> vector) {
        Memory memory = before;
        for (var max : maxima.entrySet()) {
            memory = memory.max(max.getKey(), max.getValue());
        }
        for (var min : minima.entrySet()) {
            memory = memory.min(min.getKey(), min.getValue());
        }
        float[] floats = new float[vector.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = vector.get(i);
        }
        return floats.length == 0 ? memory : memory.vector("model/" + floats.length, floats);
    }

    /** The field "f", and the text, have been written by several devices. */
    private static StoredMemory withConflicts(
            Memory memory, List<Value> values, List<String> texts) {
        TreeMap<FieldName, List<Value>> conflicts = new TreeMap<>();
        Memory winner = memory;
        if (values.size() > 1) {
            conflicts.put(new FieldName("f"), values);
            winner = memory.field("f", values.getFirst());
        }
        if (!texts.isEmpty()) {
            List<Value> all = new ArrayList<>(List.of(new Value.Text(memory.text())));
            texts.forEach(text -> all.add(new Value.Text(text)));
            conflicts.put(FieldName.TEXT, all);
        }
        return new StoredMemory(List.of(winner), conflicts);
    }

    private static <T> Arbitrary<TreeMap<String, T>> named(Arbitrary<T> values) {
        return Arbitraries.maps(
                        names().filter(name -> !List.of("text", "time", "tags").contains(name)),
                        values)
                .ofMaxSize(3)
                .map(TreeMap::new);
    }

    private static Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('a', 'e')
                .withChars("\u00e9\uffee \"\\/{}")
                .ofMinLength(1)
                .ofMaxLength(3)
                .map(name -> name.equals("\u00e9") ? "\ud83c\udf31" : name);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.of("", "\u0000\r\n\t\u2028", "\ud83d\ude00", "e\u0301", "\ufeff"),
                Arbitraries.strings()
                        .all()
                        .ofMaxLength(20)
                        .map(text -> text.replaceAll("[\ud800-\udfff]", "?")));
    }

    private static Arbitrary<Instant> times() {
        return Arbitraries.oneOf(
                        Arbitraries.longs(),
                        Arbitraries.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE))
                .map(Instant::ofEpochMilli);
    }

    private static Arbitrary<List<Float>> vectors() {
        return Arbitraries.floats().filter(number -> number != 0).list().ofMaxSize(4);
    }

    private static Arbitrary<Value> values() {
        return Arbitraries.oneOf(
                texts().map(Value.Text::new),
                Arbitraries.longs().map(Value.Whole::new),
                Arbitraries.oneOf(
                                Arbitraries.doubles(),
                                Arbitraries.of(
                                        -0.0,
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY,
                                        Double.NEGATIVE_INFINITY,
                                        Double.MIN_VALUE,
                                        Double.MAX_VALUE))
                        .map(Value.Real::new),
                Arbitraries.of(true, false).map(Value.Truth::new),
                Arbitraries.longs().map(Value.Moment::new),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(20)
                        .map(bytes -> new Value.Binary(Bytes.copyOf(bytes))));
    }
}
