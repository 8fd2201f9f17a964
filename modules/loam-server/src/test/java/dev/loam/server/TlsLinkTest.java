package dev.loam.server;

import static dev.loam.server.Refusals.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.PeerLink;
import dev.loam.SyncReport;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames over an admitted connection, and how it ends. */
class TlsLinkTest {
    private static final List<Integer> SIZES =
            List.of(0, 1, 16_383, 16_384, 16_385, 1 << 20, PeerLink.FRAME_BYTES_MAX);

    private final Events events = new Events();

    @Test
    void framesOfEverySizeUpToTheLimitPassUnchangedBothWays() throws Exception {
        TestDevice host = TestDevice.echoing(SIZES.size());
        TestDevice client =
                TestDevice.with(
                        link -> {
                            for (int size : SIZES) {
                                Bytes frame = TestDevice.filled(size);
                                link.send(frame);
                                assertThat(link.receive()).isEqualTo(frame);
                            }
                        });
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            SyncReport report = client.sync(host.at(server.port()));

            assertThat(report.peer()).isEqualTo(host.id());
            assertThat(events.next(SyncReport.class).peer()).isEqualTo(client.id());
        }
    }

    @Test
    void aFrameOneAboveTheLimitIsNotSentAndTheLinkGoesOn() {
        TestDevice host = TestDevice.echoing(1);
        TestDevice client =
                TestDevice.with(
                        link -> {
                            Bytes tooLong = TestDevice.filled(PeerLink.FRAME_BYTES_MAX + 1);
                            refusal(ErrorCode.LIMIT_EXCEEDED, () -> link.send(tooLong));
                            link.send(Bytes.ofUtf8("short"));
                            assertThat(link.receive().toUtf8()).isEqualTo("short");
                        });
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            assertThat(client.sync(host.at(server.port())).isDone()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {PeerLink.FRAME_BYTES_MAX + 1, -1, Integer.MIN_VALUE})
    void anAnnouncedFrameAboveTheLimitBreaksTheLink(int announced) throws Exception {
        TestDevice client = TestDevice.with(PeerLink::receive);
        TestDevice host = TestDevice.idle();

        try (FakeServer server =
                FakeServer.of(
                        host,
                        (link, out) -> {
                            admit(link);
                            out.write(ByteBuffer.allocate(4).putInt(announced).array());
                            out.flush();
                            link.receive();
                        })) {
            LoamException broken =
                    refusal(ErrorCode.LIMIT_EXCEEDED, () -> client.sync(host.at(server.port())));

            assertThat(broken).hasMessageContaining("announced");
        }
    }

    @Test
    void aServerThatClosesInAFrameIsAConnectionError() throws Exception {
        TestDevice client = TestDevice.with(PeerLink::receive);
        TestDevice host = TestDevice.idle();

        try (FakeServer server =
                FakeServer.of(
                        host,
                        (link, out) -> {
                            admit(link);
                            out.write(new byte[] {0, 0, 0, 9, 1, 2, 3});
                            out.flush();
                        })) {
            refusal(ErrorCode.CONNECTION, () -> client.sync(host.at(server.port())));
        }
    }

    @Test
    void anAdmittedPeerThatFallsSilentIsAConnectionError() throws Exception {
        TestDevice host = TestDevice.with(PeerLink::receive);
        TestDevice client = TestDevice.idle();
        host.trust(client);
        Environment impatient =
                TestDevice.environment(TestDevice.LONG_MILLIS, TestDevice.SHORT_MILLIS);

        try (PeerServer server = host.serve(events, impatient);
                TlsLink link = client.link(server.port())) {
            link.send(Greeting.SESSION.frame());
            Greeting.HELLO_OK.receive(link);

            assertThat(events.nextRefused(ErrorCode.CONNECTION).why()).contains("silent");
        }
    }

    @Test
    void whatWasSentBeforeClosingArrivesThoughTheOtherSideIsStillSending() throws Exception {
        TestDevice host =
                TestDevice.with(
                        link -> {
                            link.receive();
                            for (int i = 0; i < 16; i++) {
                                link.send(TestDevice.filled(1 << 16));
                            }
                            assertThat(link.receive().toUtf8()).isEqualTo("last words");
                        });
        TestDevice client =
                TestDevice.with(
                        link -> {
                            link.send(Bytes.ofUtf8("go"));
                            link.send(Bytes.ofUtf8("last words"));
                            link.close();
                        });
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            client.sync(host.at(server.port()));

            events.next(SyncReport.class);
        }
    }

    @Test
    void closingALinkEndsAReceiverThatWaits() throws Exception {
        TestDevice host = TestDevice.with(PeerLink::receive);
        BlockingQueue<ErrorCode> ended = new LinkedBlockingQueue<>();
        TestDevice client =
                TestDevice.with(
                        link -> {
                            Thread receiver =
                                    Thread.startVirtualThread(
                                            () -> {
                                                try {
                                                    link.receive();
                                                } catch (LoamException broken) {
                                                    ended.add(broken.code());
                                                }
                                            });
                            link.close();
                            join(receiver);
                        });
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            client.sync(host.at(server.port()));
        }
        assertThat(ended).containsExactly(ErrorCode.CONNECTION);
    }

    @Test
    void closingALinkEndsASenderThatIsStuck() throws Exception {
        BlockingQueue<String> reached = new LinkedBlockingQueue<>();
        TestDevice host =
                TestDevice.with(
                        link -> {
                            take(reached);
                        });
        TestDevice client =
                TestDevice.with(
                        link -> {
                            BlockingQueue<String> sent = new LinkedBlockingQueue<>();
                            Thread sender =
                                    Thread.startVirtualThread(
                                            () -> {
                                                Bytes frame = TestDevice.filled(1 << 20);
                                                for (int i = 0; i < 1_000; i++) {
                                                    link.send(frame);
                                                    sent.add("frame");
                                                }
                                            });
                            sender.setUncaughtExceptionHandler((thread, broken) -> {});
                            take(sent);
                            link.close();
                            join(sender);
                            assertThatThrownBy(() -> link.send(Bytes.EMPTY))
                                    .isInstanceOf(LoamException.class);
                        });
        host.trust(client);

        try (PeerServer server = host.serve(events)) {
            client.sync(host.at(server.port()));
            reached.add("end");
        }
    }

    private static void admit(TlsLink link) {
        Greeting.SESSION.receive(link);
        link.send(Greeting.HELLO_OK.frame());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void take(BlockingQueue<String> queue) {
        try {
            queue.take();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
