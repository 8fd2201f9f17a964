package dev.loam.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.StoreId;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyTableTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final StoreId STORE = new StoreId(Bytes.fromHex("07".repeat(16)));
    private static final Bytes ONE = Bytes.fromHex("aa".repeat(16));
    private static final Bytes OTHER = Bytes.fromHex("bb".repeat(16));
    private static final Bytes NOTE = Bytes.ofUtf8("of a file");

    private static LastingKey parent(Suite suite) {
        return new LastingKey(STORE, suite, Secret.random(RANDOM, Suite.KEY_BYTES));
    }

    private static Optional<KeyTable> decode(KeyTable.Parent parent, Bytes bytes) {
        return KeyTable.decode("a table", "files", parent, bytes);
    }

    private static String key(KeyTable table, Bytes id) {
        try (Secret key = table.key(id).orElseThrow()) {
            return Secrets.hex(key);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysAndNotesComeBackUnderTheSameParent(Suite suite) {
        try (LastingKey parent = parent(suite);
                Secret key = Secret.random(RANDOM, Suite.KEY_BYTES)) {
            KeyTable table = KeyTable.empty("files", parent).with(ONE, key, NOTE);

            KeyTable read = decode(parent, table.encode(RANDOM)).orElseThrow();

            assertThat(read.ids()).containsExactly(ONE);
            assertThat(read.note(ONE)).contains(NOTE);
            assertThat(key(read, ONE)).isEqualTo(Secrets.hex(key));
            assertThat(read.key(OTHER)).isEmpty();
        }
    }

    @Test
    void underAnotherParentOrForSomethingElseItOpensNot() {
        try (LastingKey parent = parent(Suite.AES_256_GCM);
                LastingKey other = parent(Suite.AES_256_GCM)) {
            Bytes bytes = KeyTable.empty("files", parent).encode(RANDOM);
            assertThat(decode(other, bytes)).isEmpty();
            assertThat(KeyTable.decode("a table", "indexes", parent, bytes)).isEmpty();
        }
    }

    @Test
    void aRowThatWasLeftOutIsNowhereInTheNextWriting() {
        try (LastingKey parent = parent(Suite.AES_256_GCM);
                Secret key = Secret.random(RANDOM, Suite.KEY_BYTES)) {
            KeyTable both =
                    KeyTable.empty("files", parent).with(ONE, key, NOTE).with(OTHER, key, NOTE);
            for (KeyTable less : new KeyTable[] {both.without(ONE), both.keepOnly(Set.of(OTHER))}) {
                KeyTable read = decode(parent, less.encode(RANDOM)).orElseThrow();
                assertThat(read.ids()).containsExactly(OTHER);
            }
        }
    }

    @Test
    void anotherParentTakesAllKeysOver() {
        try (LastingKey parent = parent(Suite.AES_256_GCM);
                LastingKey next = parent(Suite.AES_256_GCM);
                Secret key = Secret.random(RANDOM, Suite.KEY_BYTES)) {
            KeyTable table = KeyTable.empty("files", parent).with(ONE, key, NOTE);
            KeyTable moved = decode(next, table.under(next).encode(RANDOM)).orElseThrow();
            assertThat(key(moved, ONE)).isEqualTo(Secrets.hex(key));
            assertThat(moved.note(ONE)).contains(NOTE);
        }
    }

    /** The checksum tells damage; what has a right one and does not open was changed on purpose. */
    @Test
    void eachChangedByteIsDamageAndACutOneToo() {
        try (LastingKey parent = parent(Suite.AES_256_GCM);
                Secret key = Secret.random(RANDOM, Suite.KEY_BYTES)) {
            Bytes whole = KeyTable.empty("files", parent).with(ONE, key, NOTE).encode(RANDOM);
            for (int at = 0; at < whole.size(); at++) {
                byte[] altered = whole.toArray();
                altered[at] ^= 1;
                assertCorrupt(parent, Bytes.adopt(altered));
                assertCorrupt(parent, whole.slice(0, at));
            }
        }
    }

    private static void assertCorrupt(KeyTable.Parent parent, Bytes bytes) {
        assertThatThrownBy(() -> decode(parent, bytes))
                .isInstanceOfSatisfying(
                        LoamException.class,
                        told -> assertThat(told.code()).isEqualTo(ErrorCode.CORRUPT));
    }
}
