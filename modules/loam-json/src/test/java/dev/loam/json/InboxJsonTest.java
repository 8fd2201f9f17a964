package dev.loam.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.Inbox;
import dev.loam.Page;
import dev.loam.core.Value;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The names are a promise, as in {@link LoamJsonTest}. */
final class InboxJsonTest {
    @Test
    void entriesTellWhatWasToBeDoneAndWhatStandsThereInstead() {
        Inbox.Entry set =
                new Inbox.Entry(
                        "1",
                        "k",
                        "set",
                        Optional.of("f"),
                        Optional.of(new Value.Text("mine")),
                        Optional.of(new Value.Whole(2)),
                        Instant.EPOCH);
        Inbox.Entry delete =
                new Inbox.Entry(
                        "2",
                        "k",
                        "delete",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Instant.EPOCH);

        assertThat(
                        InboxJson.entries(
                                new Inbox.Entries(
                                        List.of(set, delete), Optional.of(new Page.Cursor("n")))))
                .hasToString(
                        "{\"entries\":[{\"id\":\"1\",\"key\":\"k\",\"what\":\"set\",\"field\":\"f\","
                                + "\"mine\":\"mine\",\"theirs\":2,\"time\":\"1970-01-01T00:00:00Z\"},"
                                + "{\"id\":\"2\",\"key\":\"k\",\"what\":\"delete\","
                                + "\"time\":\"1970-01-01T00:00:00Z\"}],\"next\":\"n\"}");
        assertThat(InboxJson.resolved("1")).hasToString("{\"resolved\":\"1\"}");
    }
}
