package dev.loam.server;

import static dev.loam.server.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Peer;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.PairingProof;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairingTest {
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-05-09T12:00:00Z"));
    private final Events events = new Events();
    private final TestDevice host = TestDevice.idle();
    private final TestDevice joiner = TestDevice.idle();
    private final PeerServer server =
            host.serve(
                    events,
                    new Environment(
                            now::get,
                            new SecureRandom(),
                            TestDevice.LONG_MILLIS,
                            TestDevice.LONG_MILLIS));

    @AfterEach
    void closes() {
        server.close();
    }

    @Test
    void afterPairingEachSideHasTheOtherAndTheyCanSync() throws Exception {
        PairingCode code = PairingCode.parse(offer().toText());

        Peer known = joiner.client().pair(code, "laptop");

        assertThat(known)
                .isEqualTo(joiner.peers.get(host.id()))
                .isEqualTo(
                        new Peer(
                                host.id(),
                                host.identity.publicKey(),
                                code.addresses().getFirst(),
                                code.addresses()));
        assertThat(events.next(Peer.class))
                .isEqualTo(host.peers.get(joiner.id()))
                .isEqualTo(new Peer(joiner.id(), joiner.identity.publicKey(), "laptop", List.of()));
        assertThat(joiner.sync(known).isDone()).isTrue();
        events.next(SyncReport.class);
    }

    @Test
    void aWrongSecretIsRefusedAndNobodyIsAdded() throws Exception {
        refuse(ErrorCode.PAIRING_WRONG, joiner, wrong(offer()));

        assertThat(events.nextRefused(ErrorCode.PAIRING_WRONG).why()).contains("1 of 5");
        assertNobodyIsPaired();
    }

    @Test
    void fourWrongProofsLeaveTheCodeGood() {
        PairingCode code = offer();
        for (int i = 0; i < 4; i++) {
            refuse(ErrorCode.PAIRING_WRONG, joiner, wrong(code));
        }

        assertThat(joiner.client().pair(code, "laptop").id()).isEqualTo(host.id());
    }

    @Test
    void theSixthTryIsRefusedRightOrWrong() throws Exception {
        PairingCode code = offer();
        for (int i = 0; i < 5; i++) {
            refuse(ErrorCode.PAIRING_WRONG, joiner, wrong(code));
            events.nextRefused(ErrorCode.PAIRING_WRONG);
        }

        refuse(ErrorCode.PAIRING_LOCKED, joiner, code);
        refuse(ErrorCode.PAIRING_LOCKED, joiner, wrong(code));
        assertThat(events.nextRefused(ErrorCode.PAIRING_LOCKED).why()).contains("void after 5");
        assertNobodyIsPaired();
    }

    @Test
    void wrongProofsOfDifferentDevicesAreCountedTogether() {
        PairingCode code = offer();
        for (int i = 0; i < 5; i++) {
            refuse(ErrorCode.PAIRING_WRONG, TestDevice.idle(), wrong(code));
        }

        refuse(ErrorCode.PAIRING_LOCKED, joiner, code);
    }

    @Test
    void aCodeIsGoodOnceEvenForTheDeviceThatUsedIt() throws Exception {
        PairingCode code = offer();
        TestDevice second = TestDevice.idle();
        joiner.client().pair(code, "laptop");
        events.next(Peer.class);

        refuse(ErrorCode.PAIRING_USED, second, code);
        refuse(ErrorCode.PAIRING_USED, joiner, code);
        assertThat(events.nextRefused(ErrorCode.PAIRING_USED).why())
                .contains(second.id().toString(), "offer a new one");
        assertThat(host.peers.keySet()).containsExactly(joiner.id());
    }

    @Test
    void aCodeIsGoodUntilJustBeforeTenMinutes() {
        PairingCode code = offer();
        now.updateAndGet(start -> start.plus(Duration.ofMinutes(10)).minusNanos(1));

        assertThat(joiner.client().pair(code, "laptop").id()).isEqualTo(host.id());
    }

    @Test
    void aCodeIsVoidAtTenMinutes() throws Exception {
        PairingCode code = offer();
        now.updateAndGet(start -> start.plus(Duration.ofMinutes(10)));

        refuse(ErrorCode.PAIRING_EXPIRED, joiner, code);
        events.nextRefused(ErrorCode.PAIRING_EXPIRED);
        assertNobodyIsPaired();
    }

    @Test
    void anHourAfterTheOfferHasEndedStrangersAreNotHeardAnyMore() throws Exception {
        PairingCode code = offer();
        now.updateAndGet(start -> start.plus(Duration.ofMinutes(70)).minusNanos(1));
        refuse(ErrorCode.PAIRING_EXPIRED, joiner, code);
        events.nextRefused(ErrorCode.PAIRING_EXPIRED);
        now.updateAndGet(before -> before.plusNanos(1));

        refuse(ErrorCode.FORBIDDEN, joiner, code);

        events.nextRefused(ErrorCode.FORBIDDEN);
        assertNobodyIsPaired();
    }

    @Test
    void aNewOfferEndsTheOneBefore() {
        PairingCode before = offer();
        PairingCode code = offer();

        refuse(ErrorCode.PAIRING_WRONG, joiner, before);
        assertThat(joiner.client().pair(code, "laptop").id()).isEqualTo(host.id());
    }

    @Test
    void whatWasNeverOfferedIsRefused() {
        refuse(
                ErrorCode.FORBIDDEN,
                joiner,
                new PairingCode(
                        host.id(),
                        List.of(TestDevice.address(server.port())),
                        TestDevice.filled(16)));
    }

    @Test
    void aStrangerMayProveTheCodeWhilePairingIsOfferedAndNothingElse() throws Exception {
        offer();

        refusal(ErrorCode.FORBIDDEN, () -> joiner.sync(host.at(server.port())));

        assertThat(events.nextRefused(ErrorCode.FORBIDDEN).why()).contains(joiner.id().toString());
    }

    @Test
    void aDeviceThatIsNotTheOneOfTheCodeGetsNoProof() throws Exception {
        TestDevice impostor = TestDevice.idle();
        BlockingQueue<Bytes> heard = new LinkedBlockingQueue<>();
        try (FakeServer fake = FakeServer.of(impostor, (link, out) -> heard.add(link.receive()))) {
            PairingCode code =
                    new PairingCode(
                            host.id(),
                            List.of(TestDevice.address(fake.port())),
                            TestDevice.filled(16));

            LoamException refused =
                    refusal(ErrorCode.FORBIDDEN, () -> joiner.client().pair(code, "laptop"));

            assertThat(refused).hasMessageContaining(impostor.id().toString());
        }
        assertThat(heard).isEmpty();
        assertThat(joiner.peers).isEmpty();
    }

    @Test
    void aHostThatDoesNotProveTheSecretIsNotAdded() throws Exception {
        try (FakeServer fake =
                FakeServer.of(
                        host,
                        (link, out) -> {
                            Bytes echoed = Greeting.PAIRING.receive(link);
                            link.send(Greeting.HOST_PROOF.frame(echoed));
                            link.receive();
                        })) {
            PairingCode code =
                    new PairingCode(
                            host.id(),
                            List.of(TestDevice.address(fake.port())),
                            TestDevice.filled(16));

            refuse(ErrorCode.FORBIDDEN, joiner, code);
        }
        assertThat(joiner.peers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6c6f0a616d", "1b5b316d", "ff", "c3"})
    void aJoinerWhoseNameIsNotShownSafelyIsNotAdded(String name) throws Exception {
        PairingCode code = offer();

        try (TlsLink link = joiner.link(server.port())) {
            link.send(Greeting.PAIRING.frame(proof(code, link)));
            Greeting.HOST_PROOF.receive(link);
            link.send(Greeting.NAME.frame(Bytes.fromHex(name)));

            events.nextRefused(ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(host.peers).isEmpty();
    }

    @Test
    void namesAreTakenUpTo256BytesAndNotOneMore() {
        PairingCode code = offer();

        refusal(ErrorCode.LIMIT_EXCEEDED, () -> joiner.client().pair(code, "n".repeat(257)));
        joiner.client().pair(code, "n".repeat(256));

        assertThat(host.peers.values())
                .singleElement()
                .satisfies(known -> assertThat(known.name()).hasSize(256));
    }

    @Test
    void theProofOfOneConnectionIsWorthNothingInAnother() throws Exception {
        PairingCode code = offer();

        try (TlsLink first = joiner.link(server.port());
                TlsLink second = joiner.link(server.port())) {
            second.send(Greeting.PAIRING.frame(proof(code, first)));

            events.nextRefused(ErrorCode.PAIRING_WRONG);
        }
        assertNobodyIsPaired();
    }

    @Test
    void pairingAgainKeepsTheAddressesAndTheNameThatAreKnown() {
        host.peers.put(joiner.id(), joiner.at(4_711));
        joiner.peers.put(host.id(), host.asPeer(List.of()));

        Peer known = joiner.client().pair(offer(), "laptop");

        assertThat(known.name()).isEqualTo("device");
        assertThat(known.addresses()).containsExactly(TestDevice.address(server.port()));
        assertThat(host.peers.get(joiner.id()))
                .isEqualTo(
                        new Peer(
                                joiner.id(),
                                joiner.identity.publicKey(),
                                "laptop",
                                List.of(TestDevice.address(4_711))));
    }

    @Test
    void aDeviceIsNotPairedWithItself() {
        PairingCode code = offer();

        refusal(ErrorCode.INVALID_ARGUMENT, () -> host.client().pair(code, "myself"));
    }

    @Test
    void whatIsToldHoldsNoSecret() throws Exception {
        PairingCode code = offer();
        PairingCode given = wrong(code);

        LoamException refused =
                refusal(ErrorCode.PAIRING_WRONG, () -> joiner.client().pair(given, "laptop"));

        String told =
                events.nextRefused(ErrorCode.PAIRING_WRONG) + refused.toString() + code + given;
        for (Bytes secret : List.of(code.secret(), given.secret())) {
            assertThat(told)
                    .doesNotContain(secret.toHex())
                    .doesNotContain(
                            Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(secret.toArray()));
        }
    }

    @Test
    void aMalformedAddressIsRefusedAndLeavesNothingOnOffer() {
        refusal(ErrorCode.INVALID_ARGUMENT, () -> server.offerPairing(List.of("no port")));

        refusal(ErrorCode.FORBIDDEN, () -> joiner.sync(host.at(server.port())));
    }

    private PairingCode offer() {
        return server.offerPairing(List.of());
    }

    private static PairingCode wrong(PairingCode code) {
        byte[] secret = code.secret().toArray();
        secret[15] ^= 1;
        return new PairingCode(code.host(), code.addresses(), Bytes.adopt(secret));
    }

    private Bytes proof(PairingCode code, TlsLink link) {
        return PairingProof.of(
                code.secret(), PairingProof.Role.JOINER, host.id(), joiner.id(), link.exporter());
    }

    private static void refuse(ErrorCode why, TestDevice device, PairingCode code) {
        refusal(why, () -> device.client().pair(code, "laptop"));
    }

    private void assertNobodyIsPaired() {
        assertThat(host.peers).isEmpty();
        assertThat(joiner.peers).isEmpty();
    }
}
