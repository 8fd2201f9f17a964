package dev.loam.cli;

import dev.loam.KeySource;
import dev.loam.Keys;
import dev.loam.LoamOptions;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.SlotSecret;
import dev.loam.json.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loam key remove}. */
@Command(
        name = "remove",
        description = {
            "Remove a way to open the store; the last one stays.",
            "If its secret has leaked, `loam key rotate` as well: whoever had it may have kept"
                    + " the master key."
        })
final class KeyRemoveCommand implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SLOT", description = "Its number, see `loam key list`.")
    private int slot;

    @Option(
            names = "--with-keychain-item",
            description = {
                "Of a keychain's slot: its item as well.",
                "A backup from before is then opened only by another slot of its time."
            })
    private boolean withItem;

    @Override
    public Integer call() {
        try (OpenStore store = common.openExisting(LoamOptions.unencrypted())) {
            Keys keys = store.loam().keys();
            boolean isKeychains = isKeychains(keys);
            if (withItem && !isKeychains) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT,
                        "slot " + slot + " is not of a keychain, and has no item there");
            }
            keys.remove(slot);
            if (common.json()) {
                common.print(JsonObject.builder().put("removed", slot).build());
            } else {
                common.print("slot " + slot + " opens the store no more");
            }
            if (withItem) {
                removeItem();
            } else if (isKeychains) {
                common.note("its item is still in the keychain; it opens backups from before");
            }
        }
        return ExitCode.OK.number();
    }

    private boolean isKeychains(Keys keys) {
        return keys.status().slots().stream()
                .anyMatch(
                        each ->
                                each.number() == slot
                                        && each.source() == SlotSecret.Source.KEYCHAIN);
    }

    private void removeItem() {
        try (KeySource keychain = KeySource.keychain()) {
            keychain.removeItem(Keys.peek(common.store()).store());
        } catch (LoamException stays) {
            common.note("its item may still be in the keychain: " + stays.getMessage());
        }
    }
}
