package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.crypto.KeyTable;
import dev.loam.crypto.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealedStoreTest {
    private static final int SEGMENT_BYTES = 64 << 10;

    @TempDir Path directory;

    private static LoamOptions sealed(int key, Suite suite) {
        byte[] bytes = new byte[Suite.KEY_BYTES];
        bytes[0] = (byte) key;
        return LoamOptions.unencrypted()
                .encryption(Encryption.by(KeySource.direct(bytes)).allowDirectKey().suite(suite));
    }

    private static LoamOptions sealed() {
        return sealed(1, Suite.AES_256_GCM);
    }

    /** With segments so small that a few memories fill several. */
    private static Loam open(Path store, LoamOptions options) {
        return Loam.open(store, options, log -> log.segmentBytesMax(SEGMENT_BYTES));
    }

    private static final class Content {
        final Canary canary = new Canary(7);
        final String vault = canary.word("vault");
        final String key = canary.word("key");
        final String text = canary.word("text");
        final String tag = canary.word("tag");
        final String field = canary.word("field");
        final String value = canary.word("value");
        final String peer = canary.word("peer");
        final float[] vector = canary.vector("vector", 8);

        void fill(Loam loam) {
            Vault filled = loam.vault(vault);
            for (int i = 0; i < 300; i++) {
                filled.put(
                        Memory.of(text + " of the day " + i + " and more of it".repeat(20))
                                .key(key + i)
                                .tag(tag)
                                .field(field, value + i)
                                .vector("model", vector));
            }
            filled.delete(key + 1);
            DeviceIdentity other = DeviceIdentity.generate(new SecureRandom());
            loam.addPeer(new Peer(other.id(), other.publicKey(), peer, List.of()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsThereAfterReopeningRebuildingAndCompacting(Suite suite) {
        Path store = directory.resolve("store");
        Content content = new Content();
        String digest;
        try (Loam loam = open(store, sealed(1, suite))) {
            content.fill(loam);
            digest = loam.digest();
        }
        try (Loam loam = open(store, sealed(1, suite))) {
            assertThat(loam.openReport().notes())
                    .singleElement()
                    .asString()
                    .contains("given directly, which is meant for tests");
            assertThat(loam.openReport().indexRebuilt()).isFalse();
            Vault vault = loam.vault(content.vault);
            assertThat(vault.get(content.key + 7)).isPresent();
            assertThat(vault.recall(content.text, 3).hits()).hasSize(3);
            loam.rebuild(Progress.NONE);
            assertThat(loam.digest()).isEqualTo(digest);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
            assertThat(vault.history(content.key + 7)).isNotNull();
        }
        try (Loam loam = open(store, sealed(1, suite))) {
            assertThat(loam.digest()).isEqualTo(digest);
            assertThat(loam.stats().records()).isEqualTo(299);
        }
    }

    /** The words are found where nothing is sealed, so that not finding them says something. */
    @Test
    void inAStoreThatIsNotSealedEveryWordLiesOpen() throws IOException {
        Path store = directory.resolve("store");
        Content content = new Content();
        try (Loam loam = open(store, LoamOptions.unencrypted())) {
            content.fill(loam);
        }
        assertThat(content.canary.findIn(store)).containsOnlyKeys(content.canary.words());
    }

    @ParameterizedTest
    @EnumSource
    void noByteOfWhatItHoldsLiesOpenInASealedStore(Suite suite) throws IOException {
        Path store = directory.resolve("store");
        Content content = new Content();
        try (Loam loam = open(store, sealed(1, suite))) {
            content.fill(loam);
            assertThat(content.canary.findIn(directory)).as("while it is open").isEmpty();
        }
        assertThat(content.canary.findIn(directory)).as("closed").isEmpty();
        try (Loam loam = open(store, sealed(1, suite))) {
            loam.rebuild(Progress.NONE);
            assertThat(content.canary.findIn(directory)).as("rebuilt").isEmpty();
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
            assertThat(content.canary.findIn(directory)).as("compacted").isEmpty();
        }
    }

    @Test
    void whatADeviceIsSentIsSealedThereToo() throws Exception {
        Content content = new Content();
        try (Loam laptop = open(directory.resolve("laptop"), sealed());
                Loam phone = open(directory.resolve("phone"), sealed(2, Suite.CHACHA20_POLY1305))) {
            pair(laptop, phone);
            content.fill(laptop);
            sync(laptop, phone);
            assertThat(phone.digest()).isEqualTo(laptop.digest());
            laptop.compact(CompactOptions.aggressive(), Progress.NONE);
        }
        assertThat(content.canary.findIn(directory)).isEmpty();
    }

    @Test
    void aSealedStoreAndOneThatIsNotAgree() throws Exception {
        Content content = new Content();
        try (Loam laptop = open(directory.resolve("laptop"), sealed());
                Loam phone = open(directory.resolve("phone"), LoamOptions.unencrypted())) {
            pair(laptop, phone);
            content.fill(phone);
            sync(laptop, phone);
            assertThat(phone.digest()).isEqualTo(laptop.digest());
        }
        assertThat(content.canary.findIn(directory.resolve("laptop"))).isEmpty();
    }

    @Test
    void withoutItsKeyOrWithAnotherNothingIsOpenedAndNothingChanged() throws IOException {
        Path store = directory.resolve("store");
        open(store, sealed()).close();
        List<Path> before = files(store);
        assertCode(ErrorCode.KEY_MISSING, () -> open(store, LoamOptions.unencrypted()));
        assertCode(ErrorCode.WRONG_KEY, () -> open(store, sealed(2, Suite.AES_256_GCM)));
        List<Path> after = new ArrayList<>(files(store));
        assertThat(after.remove(store.resolve("audit/wrong-keys"))).isTrue();
        assertThat(after).isEqualTo(before);
        open(store, sealed()).close();
    }

    @Test
    void aStoreThatIsNotSealedIsNotOpenedWithAKey() {
        Path store = directory.resolve("store");
        open(store, LoamOptions.unencrypted()).close();
        assertCode(ErrorCode.NOT_ENCRYPTED, () -> open(store, sealed()));
        open(store, LoamOptions.unencrypted()).close();
    }

    /** Nothing falls back to a store that is not sealed. */
    @Test
    void withoutItsKeyFilesASealedStoreIsDamagedAndNeverBegunAnew() throws IOException {
        Path store = directory.resolve("store");
        try (Loam loam = open(store, sealed())) {
            loam.vault("v").put(Memory.of("kept"));
        }
        Files.delete(store.resolve("keys"));
        Files.delete(store.resolve("keys.copy"));
        for (LoamOptions options : List.of(LoamOptions.unencrypted(), sealed())) {
            assertThatThrownBy(() -> open(store, options))
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CORRUPT))
                    .hasMessageContaining("are missing");
        }
    }

    @Test
    void onlyItsOwnerComesAtAnyFile() throws IOException {
        Path store = directory.resolve("store");
        try (Loam loam = open(store, sealed())) {
            new Content().fill(loam);
            loam.compact(CompactOptions.aggressive(), Progress.NONE);
        }
        try (Stream<Path> all = Files.walk(store)) {
            for (Path each : all.toList()) {
                boolean isInIndex = each.startsWith(store.resolve("index"));
                if (!isInIndex || Files.isDirectory(each)) {
                    assertThat(Files.getPosixFilePermissions(each).toString())
                            .as(each.toString())
                            .doesNotContain("GROUP", "OTHERS");
                }
            }
        }
    }

    private static List<Path> files(Path store) throws IOException {
        try (Stream<Path> all = Files.walk(store)) {
            return all.sorted().toList();
        }
    }

    @Test
    void theStoreGoesOnUnderAnotherMasterKeyAndIsSealedAnewByACompaction() {
        Path store = directory.resolve("store");
        Content content = new Content();
        try (Loam loam = open(store, sealed())) {
            content.fill(loam);
            loam.keys().rotate();
            assertThat(loam.keys().status().epoch()).isEqualTo(2);
            loam.vault(content.vault).put(Memory.of("after").key("after"));
        }
        try (Loam loam = open(store, sealed())) {
            assertThat(loam.keys().status().segmentsOfEarlierEpochs()).isPositive();
            loam.compact(CompactOptions.resealing(), Progress.NONE);
            assertThat(loam.keys().status().segmentsOfEarlierEpochs()).isZero();
            assertThat(loam.vault(content.vault).get("after")).isPresent();
            assertThat(loam.verify(Progress.NONE).damage()).isEmpty();
        }
    }

    @Test
    void everyWayThatWasAddedOpensTheStoreAndOneThatWasRemovedNoMore() {
        Path store = directory.resolve("store");
        char[] code = new char[41];
        try (Loam loam = open(store, sealed())) {
            try (var secret = loam.keys().addRecoveryCode()) {
                secret.with(
                        bytes -> {
                            for (int i = 0; i < bytes.length; i++) {
                                code[i] = (char) bytes[i];
                            }
                            return bytes.length;
                        });
            }
            loam.keys().rotate();
            loam.keys().remove(1);
            assertCode(ErrorCode.FORBIDDEN, () -> loam.keys().remove(2));
        }
        assertCode(ErrorCode.WRONG_KEY, () -> open(store, sealed()));
        open(store, LoamOptions.encrypted(KeySource.recoveryCode(code))).close();
    }

    /** Who takes the last segments away has to take the index as well, and is told all the same. */
    @Test
    void aLogThatWasPutBackToAnOlderStateIsNotTakenForAWholeOne() throws IOException {
        Path store = directory.resolve("store");
        Path older = directory.resolve("older");
        try (Loam loam = open(store, sealed())) {
            loam.vault("v").put(Memory.of("first"));
        }
        TestStores.copy(store.resolve("log"), older);
        try (Loam loam = open(store, sealed())) {
            loam.vault("v").put(Memory.of("second"));
        }
        IndexBuild.deleteTree(store.resolve("log"));
        IndexBuild.deleteTree(store.resolve("index"));
        TestStores.copy(older, store.resolve("log"));

        try (Loam loam = open(store, sealed())) {
            assertThat(loam.openReport().notes()).anyMatch(note -> note.contains("lost"));
        }
    }

    @Test
    void theKeysOfWhatWasForgottenAreThrownAwayAndTheMasterKeyAboveThemToo() {
        Path store = directory.resolve("store");
        Content content = new Content();
        try (Loam loam = open(store, sealed())) {
            content.fill(loam);
            StoreKeys keys = loam.store().folder().keys().orElseThrow();
            Set<Bytes> before = keys.look(KeyTable::ids);
            loam.vault(content.vault).forget(List.of(content.key + 7));

            Set<Bytes> after = new HashSet<>(keys.look(KeyTable::ids));
            after.retainAll(before);
            // What lasts: the keys of small files and of indexes.
            assertThat(after).hasSize(2);
            assertThat(loam.keys().status().epoch()).isEqualTo(2);
        }
        try (Loam loam = open(store, sealed())) {
            assertThat(loam.vault(content.vault).get(content.key + 7)).isEmpty();
            assertThat(loam.vault(content.vault).get(content.key + 8)).isPresent();
        }
    }
}
