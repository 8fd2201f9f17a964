package dev.loam;

import static dev.loam.PairedStores.pair;
import static dev.loam.PairedStores.sync;
import static dev.loam.TestStores.assertCode;
import static dev.loam.TestStores.open;
import static dev.loam.TestStores.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.Operation;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.sync.Amount;
import dev.loam.sync.EndReason;
import dev.loam.sync.SyncCounts;
import dev.loam.sync.SyncEffect;
import dev.loam.sync.SyncInput;
import dev.loam.sync.Waiting;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever was shut out, or put back, writes again in the end, whatever happens meanwhile. */
@Timeout(120)
class LetInAgainTest {
    /** Of two, three for each: begin anew, take a snapshot, write anew. */
    private static final int ROUNDS = 6;

    @TempDir Path directory;
    private final List<Loam> devices = new ArrayList<>();

    @AfterEach
    void close() {
        devices.forEach(Loam::close);
    }

    private void meet(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Loam added = open(at(i));
            for (Loam other : devices) {
                pair(other, added);
            }
            devices.add(added);
        }
        put(0, "a", "first");
        syncAll();
        syncAll();
    }

    private Path at(int number) {
        return directory.resolve("device-" + number);
    }

    /** It lies elsewhere then, as a restored backup does. */
    private void putBack(int number, String backup) throws Exception {
        devices.get(number).close();
        Path copy = directory.resolve(backup + "-restored");
        TestStores.copy(directory.resolve(backup), copy);
        devices.set(number, open(copy));
        assertCode(ErrorCode.FORBIDDEN, () -> put(number, "too", "early"));
    }

    private String backUp(int number) throws Exception {
        String backup = "backup-" + number;
        devices.get(number).close();
        TestStores.copy(at(number), directory.resolve(backup));
        devices.set(number, open(at(number)));
        return backup;
    }

    private void put(int number, String key, String text) {
        devices.get(number).vault("main").put(Memory.of(text).key(key));
    }

    private VaultState vault(int number) {
        return devices.get(number).store().state().named("main").orElseThrow();
    }

    private List<String> syncAll() throws Exception {
        List<String> reasons = new ArrayList<>();
        for (int called = 0; called < devices.size(); called++) {
            for (int caller = 0; caller < called; caller++) {
                reasons.add(sync(devices.get(caller), devices.get(called)).reason());
            }
        }
        return reasons;
    }

    private void assertThatAllWriteAgain() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            syncAll();
        }
        for (int i = 0; i < devices.size(); i++) {
            put(i, "key" + i, "by device " + i);
        }
        syncAll();
        assertThat(syncAll()).containsOnly("DONE");
        for (Loam each : devices) {
            assertThat(each.digest()).isEqualTo(devices.getFirst().digest());
            assertThat(each.verify(Progress.NONE).damage()).isEmpty();
            for (int i = 0; i < devices.size(); i++) {
                assertThat(text(each.vault("main"), "key" + i)).contains("by device " + i);
            }
        }
    }

    @Test
    void shutOutWithNothingUnsent() throws Exception {
        meet(2);
        Cuts.suspend(devices.get(0), "main", devices.get(1));
        Cuts.cut(devices.get(0), "main");
        assertThatAllWriteAgain();
    }

    /** What let it in as that waits here for a clock, say, or is of somebody who was shut out. */
    @Test
    void whoAsksInThePlaceOfANameThatIsNotKnownIsExcludedAsTheOneBefore() throws Exception {
        meet(2);
        put(1, "b", "by the phone");
        syncAll();
        Loam phone = devices.get(1);
        ActorId written = phone.store().ownActors().in(vault(1)).orElseThrow();
        assertThat(vault(0).inGoodStanding(written)).isTrue();
        ActorId unknown = ActorId.of(phone.identity().id(), vault(0).id(), nonce(1));
        Introduction.Asked asked =
                new Introduction.Asked(nonce(2), Optional.of(unknown), Introduction.Need.SNAPSHOT);

        devices.get(0)
                .welcome(
                        phone.identity().id(),
                        Introduction.encode(new TreeMap<>(Map.of(vault(0).id(), asked))));

        assertThat(vault(0).inGoodStanding(written)).isFalse();
        assertThat(NextName.in(vault(0), phone.identity().id(), nonce(2)))
                .hasValueSatisfying(letIn -> assertThat(vault(0).inGoodStanding(letIn)).isTrue());
    }

    /** Whoever brings it has not heard, and begins anew; nobody has forged anything. */
    @Test
    void whatComesOfAClosedAuthorIsNoForgery() throws Exception {
        shutOutWithSomethingUnsent();
        Store phone = devices.get(1).store();
        ActorId author = phone.ownActors().in(vault(1)).orElseThrow();
        long known = vault(0).frontier().get(author).sequence();
        Cuts.cut(devices.get(0), "main");
        assertThat(vault(0).closed()).containsKey(author);

        SyncInput answer =
                Handover.give(
                        devices.get(0).store(),
                        phone,
                        vault(0).id(),
                        Handover.of(phone, vault(1).id(), author, known));

        assertThat(answer).isEqualTo(new SyncInput.Stopped(EndReason.REBASE_REQUIRED));
    }

    private static Bytes nonce(int number) {
        byte[] nonce = new byte[ActorId.NONCE_SIZE];
        nonce[0] = (byte) number;
        return Bytes.adopt(nonce);
    }

    /** The device 0 has shut the device 1 out, which has something that nobody else has. */
    private void shutOutWithSomethingUnsent() throws Exception {
        meet(2);
        put(1, "b", "not sent yet");
        Cuts.suspend(devices.get(0), "main", devices.get(1));
    }

    /** The name under which it was let in is closed before it has heard that it was. */
    @Test
    void shutOutAgainBeforeItIsBack() throws Exception {
        shutOutWithSomethingUnsent();
        Loam laptop = devices.get(0);
        Loam phone = devices.get(1);
        put(0, "c", "meanwhile");
        assertThat(sync(laptop, phone).reason()).isEqualTo("REBASE_REQUIRED");
        laptop.welcome(phone.identity().id(), phone.introduction());
        ActorId letIn =
                vault(0).actors().entrySet().stream()
                        .filter(each -> each.getValue().device().equals(phone.identity().id()))
                        .filter(each -> vault(0).inGoodStanding(each.getKey()))
                        .findFirst()
                        .orElseThrow()
                        .getKey();
        Cuts.control(laptop, "main", new Operation.Suspend(letIn));
        Cuts.cut(laptop, "main");
        assertThat(vault(0).closed()).containsKey(letIn);

        assertThatAllWriteAgain();

        assertThat(text(laptop.vault("main"), "b")).contains("not sent yet");
    }

    /** A second session may offer what was made before this device was let in. */
    @Test
    void aSnapshotInWhichItIsNotIsNotTaken() throws Exception {
        shutOutWithSomethingUnsent();
        Loam laptop = devices.get(0);
        Loam phone = devices.get(1);
        SnapshotHead early = SnapshotMaker.make(laptop.store(), vault(0).id());
        sync(laptop, phone);
        assertThat(phone.store().ownActors().wantsSnapshot(vault(1))).isTrue();
        String digest = phone.digest();

        assertThat(new Adoption(phone.store(), early).run()).isFalse();

        assertThat(phone.digest()).isEqualTo(digest);
        assertThatAllWriteAgain();
        assertThat(text(laptop.vault("main"), "b")).contains("not sent yet");
    }

    /** The one waits for a snapshot that the other may not make before the one has let it in. */
    @Test
    void theOtherWasShutOutByWhoWasPutBack() throws Exception {
        meet(2);
        Cuts.suspend(devices.get(0), "main", devices.get(1));
        putBack(0, backUp(0));
        assertThatAllWriteAgain();
    }

    @Test
    void bothHadShutOutTheOtherBeforeOneWasPutBack() throws Exception {
        meet(2);
        Cuts.suspend(devices.get(0), "main", devices.get(1));
        Cuts.suspend(devices.get(1), "main", devices.get(0));
        put(0, "b", "by the one");
        put(1, "b", "by the other");
        putBack(0, backUp(0));
        assertThatAllWriteAgain();
    }

    @Test
    void allWerePutBack() throws Exception {
        meet(3);
        List<String> backups = List.of(backUp(0), backUp(1), backUp(2));
        for (int i = 0; i < 3; i++) {
            put(i, "lost" + i, "after the backup");
        }
        for (int i = 0; i < 3; i++) {
            putBack(i, backups.get(i));
        }
        assertThatAllWriteAgain();
    }

    @Test
    void eachHadShutOutTheNext() throws Exception {
        meet(3);
        for (int i = 0; i < 3; i++) {
            Cuts.suspend(devices.get(i), "main", devices.get((i + 1) % 3));
            put(i, "own" + i, "written since");
        }

        assertThatAllWriteAgain();

        for (int i = 0; i < 3; i++) {
            assertThat(text(devices.get(0).vault("main"), "own" + i)).contains("written since");
        }
    }

    /** Two groups, of which each has taken what the other never will. */
    @Test
    void whoWasShutOutUnheardShutOutAThird() throws Exception {
        meet(4);
        Cuts.suspend(devices.get(0), "main", devices.get(1));
        Cuts.suspend(devices.get(1), "main", devices.get(2));
        for (int i = 0; i < 4; i++) {
            put(i, "own" + i, "written since");
        }
        sync(devices.get(0), devices.get(2));
        sync(devices.get(1), devices.get(3));

        assertThatAllWriteAgain();

        for (int i = 0; i < 4; i++) {
            assertThat(text(devices.get(0).vault("main"), "own" + i)).contains("written since");
        }
    }

    /** It takes nothing of the one who did, and so cannot hear of it. */
    @Test
    void letInByOneWhoWasShutOutUnheard() throws Exception {
        meet(2);
        Loam laptop = devices.get(0);
        Loam desktop = devices.get(1);
        Loam phone = open(at(2));
        Loam tablet = open(at(3));
        pair(laptop, phone);
        pair(phone, tablet);
        pair(laptop, tablet);
        pair(desktop, tablet);
        devices.addAll(List.of(phone, tablet));
        sync(laptop, phone);
        Cuts.suspend(laptop, "main", phone);
        sync(laptop, desktop);
        sync(phone, tablet);
        Cuts.suspend(tablet, "main", laptop);
        put(3, "b", "by the one that was let in");

        for (int round = 0; round < ROUNDS; round++) {
            sync(desktop, tablet);
        }

        assertThat(sync(desktop, tablet).reason()).isEqualTo("DONE");
        assertThat(text(desktop.vault("main"), "b")).contains("by the one that was let in");
        pair(phone, desktop);
        assertThatAllWriteAgain();
    }

    /** What it has written misses what the other has settled meanwhile, as if it were alone. */
    @Test
    void letInByOneWhoWasShutOutUnheardAndSettledWithout() throws Exception {
        meet(2);
        Loam laptop = devices.get(0);
        Loam desktop = devices.get(1);
        put(1, "c", "by the one that goes on");
        Cuts.suspend(desktop, "main", laptop);
        Loam phone = open(at(2));
        pair(laptop, phone);
        devices.add(phone);
        sync(laptop, phone);
        put(2, "b", "by the one that was let in");
        Cuts.cut(desktop, "main");
        pair(desktop, phone);

        assertThatAllWriteAgain();

        assertThat(text(desktop.vault("main"), "b")).contains("by the one that was let in");
        assertThat(text(desktop.vault("main"), "c")).contains("by the one that goes on");
    }

    @Test
    void whoWantedASnapshotAndRevokedAllOthersGoesOnAsItWas() throws Exception {
        shutOutWithSomethingUnsent();
        Loam phone = devices.get(1);
        assertThat(sync(devices.get(0), phone).reason()).isEqualTo("REBASE_REQUIRED");

        phone.revoke(devices.get(0).identity().id());

        devices.removeFirst().close();
        Loam tablet = open(at(2));
        pair(phone, tablet);
        devices.add(tablet);
        assertThat(sync(phone, tablet).reason()).isEqualTo("DONE");
        assertThat(text(tablet.vault("main"), "b")).contains("not sent yet");
        assertThatAllWriteAgain();
    }

    /** Between hearing that it is shut out and beginning anew, as while a session goes on. */
    @Test
    void whoIsShutOutLetsNobodyInAndTheSessionEnds() throws Exception {
        meet(2);
        Loam phone = devices.get(1);
        Cuts.suspend(phone, "main", phone);
        Loam tablet = open(at(2));
        pair(phone, tablet);
        devices.add(tablet);

        assertThat(sync(phone, tablet).reason()).isEqualTo("DONE");

        assertThat(tablet.store().state().vaults()).isEmpty();
        pair(devices.getFirst(), tablet);
        assertThatAllWriteAgain();
    }

    @Test
    void whoWasRevokedInTheSessionKeepsNobodyFromGoingOn() throws Exception {
        meet(2);
        Loam laptop = devices.get(0);
        DeviceId phone = device(1);
        VaultId vault = vault(0).id();
        SnapshotDesk desk = new SnapshotDesk(laptop.store(), phone);
        SyncEffect.Finish finish =
                new SyncEffect.Finish(
                        EndReason.REBASE_REQUIRED,
                        new SyncCounts(1, 0, 0, 0, 0, Amount.ZERO, Amount.ZERO),
                        List.of(),
                        Waiting.NONE,
                        new TreeSet<>(List.of(vault)));
        laptop.revoke(phone);

        new Homecoming(laptop.store(), phone, SyncOptions.once()).after(finish, desk, Set.of());

        assertThat(laptop.store().ownActors().wantsSnapshot(vault(0))).isFalse();
    }

    /** What the phone had not sent waits at the laptop until a member names it. */
    @Test
    void bothPutBackAndOneShutOutWithSomethingUnsent() throws Exception {
        shutOutWithSomethingUnsent();
        putBack(0, backUp(0));
        putBack(1, backUp(1));
        assertThatAllWriteAgain();
        assertThat(text(devices.get(0).vault("main"), "b")).contains("not sent yet");
    }

    /** Nobody will meet it any more. */
    @Test
    void whoWasRevokedIsNotWaitedFor() throws Exception {
        meet(2);
        devices.get(0).revoke(devices.get(1).identity().id());
        String backup = backUp(0);
        devices.get(0).close();
        Path copy = directory.resolve("restored");
        TestStores.copy(directory.resolve(backup), copy);
        devices.set(0, open(copy));

        put(0, "b", "alone");

        assertThat(text(devices.get(0).vault("main"), "b")).contains("alone");
    }

    /** Who has not met all others might give out numbers again that one of them knows. */
    @Test
    void nobodyBeginsBeforeItHasMetAll() throws Exception {
        meet(3);
        putBack(0, backUp(0));
        putBack(1, backUp(1));

        for (int round = 0; round < ROUNDS; round++) {
            sync(devices.get(0), devices.get(1));
        }

        assertCode(ErrorCode.FORBIDDEN, () -> put(0, "b", "too early"));
        assertCode(ErrorCode.FORBIDDEN, () -> put(1, "b", "too early"));
        assertThatAllWriteAgain();
    }

    /**
     * The device 0 lets the device 1 in, and the session breaks: all who hear of that settle that
     * the device 1 will never bring more of the device 3. Then the device 2 lets it in too, which
     * has more, and is shut out without knowing.
     */
    @Test
    void letInByTwoOfWhomOneKnowsMoreOfWhoWasShutOut() throws Exception {
        meet(5);
        for (Loam each : devices) {
            new Housekeeper(each.store(), Optional.empty()).run();
        }
        syncAll();
        put(3, "b", "seen by the device 2 alone");
        sync(devices.get(2), devices.get(3));
        put(1, "c", "not sent yet");
        for (int i = 1; i < 4; i++) {
            Cuts.suspend(devices.get(0), "main", devices.get(i));
        }
        assertThat(sync(devices.get(0), devices.get(1)).reason()).isEqualTo("REBASE_REQUIRED");
        devices.get(0).welcome(device(1), devices.get(1).introduction());
        sync(devices.get(0), devices.get(4));
        put(4, "d", "written with all that is known of it");
        Cuts.cut(devices.get(4), "main");

        sync(devices.get(1), devices.get(2));
        put(1, "e", "written since");
        sync(devices.get(0), devices.get(1));

        assertThatAllWriteAgain();
        assertThat(text(devices.get(0).vault("main"), "b")).contains("seen by the device 2 alone");
        assertThat(text(devices.get(0).vault("main"), "c")).contains("not sent yet");
        assertThat(text(devices.get(0).vault("main"), "e")).contains("written since");
    }

    /** Of others it then keeps no batch of which the seal was lost. */
    @Test
    void whoWasPutBackAndLetInKnowsAsWhomItHasWritten() throws Exception {
        meet(2);
        ActorId before = devices.get(1).store().ownActors().in(vault(1)).orElseThrow();
        ActorId other = devices.get(0).store().ownActors().in(vault(0)).orElseThrow();
        putBack(1, backUp(1));
        OwnActors own = devices.get(1).store().ownActors();
        assertThat(own.mayHaveWritten(vault(1).id(), other)).isTrue();

        sync(devices.get(0), devices.get(1));
        put(1, "b", "as what it is now");

        OwnActors read = new OwnActors(devices.get(1).store().folder(), device(1));
        for (OwnActors each : List.of(own, read)) {
            assertThat(each.mayHaveWritten(vault(1).id(), other)).isFalse();
            assertThat(each.mayHaveWritten(vault(1).id(), before)).isTrue();
        }
    }

    /** That one may give the numbers out again, of which this one holds batches. */
    @Test
    void whoMetOneThatWasPutBackDoesNotGoOnAsItWas() throws Exception {
        meet(2);
        putBack(1, backUp(1));
        Loam laptop = devices.get(0);
        OwnActors own = laptop.store().ownActors();
        beginAnew(laptop);
        assertThat(own.mayStand(vault(0))).isTrue();

        laptop.welcome(device(1), devices.get(1).introduction());

        assertThat(own.mayStand(vault(0))).isFalse();
        assertThatAllWriteAgain();
    }

    /** Whatever it asks for: it is paired for other vaults. */
    @Test
    void whoIsNotInAVaultHasNoSayInIt() throws Exception {
        meet(1);
        Loam laptop = devices.get(0);
        OwnActors own = laptop.store().ownActors();
        beginAnew(laptop);
        DeviceIdentity stranger = DeviceIdentity.generate(new SecureRandom());
        Peer peer = new Peer(stranger.id(), stranger.publicKey(), "stranger", List.of());

        for (Introduction.Need need : Introduction.Need.values()) {
            new Membership(laptop.store())
                    .letIn(
                            peer,
                            Introduction.encode(
                                    new TreeMap<>(
                                            Map.of(
                                                    vault(0).id(),
                                                    new Introduction.Asked(
                                                            nonce(laptop),
                                                            Optional.empty(),
                                                            need)))));
            assertThat(own.wantsSnapshot(vault(0))).isTrue();
            assertThat(own.mayStand(vault(0))).isTrue();
        }
    }

    private void beginAnew(Loam loam) {
        loam.store()
                .ask(
                        stage -> {
                            loam.store()
                                    .ownActors()
                                    .beginRebase(
                                            stage.vault(vault(0).id()),
                                            nonce(loam),
                                            Optional.empty());
                            return Optional.empty();
                        });
    }

    private static Bytes nonce(Loam loam) {
        return loam.store().environment().randomBytes(ActorId.NONCE_SIZE);
    }

    private DeviceId device(int number) {
        return devices.get(number).identity().id();
    }
}
