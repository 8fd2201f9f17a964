package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import dev.loam.crypto.Suite;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text is found wherever a store holds it, deflated or sealed. */
class RemainsTest {
    private static final String WORDS = "the quetzal flew over the harbour";

    @TempDir Path directory;

    private Loam open(boolean isSealed) {
        LoamOptions plain = LoamOptions.unencrypted();
        return Loam.open(
                directory.resolve("store"),
                isSealed
                        ? plain.encryption(
                                Encryption.by(KeySource.direct(new byte[Suite.KEY_BYTES]))
                                        .allowDirectKey())
                        : plain);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inTheLogInWhatWasSetAsideAndInSnapshots(boolean isSealed) {
        try (Loam loam = open(isSealed)) {
            loam.vault("main").put(Memory.of("nothing to be found").key("a"));
            assertThat(loam.remains(List.of(WORDS))).isEmpty();

            loam.vault("main").put(Memory.of(WORDS).key("b"));
            Store store = loam.store();
            VaultId vault = store.state().named("main").orElseThrow().id();
            new SmallFile(store.folder(), "aside-" + vault.bytes().toHex())
                    .write(List.of("state waiting", "record 00 " + Bytes.ofUtf8(WORDS).toHex()));
            store.madeSnapshots().of(vault, store.device());

            assertThat(loam.remains(List.of(WORDS)))
                    .extracting(Remains::place)
                    .anyMatch(place -> place.startsWith("log entry"))
                    .anyMatch(place -> place.startsWith("aside-"))
                    .anyMatch(place -> place.equals("snapshot"));
        }
    }
}
