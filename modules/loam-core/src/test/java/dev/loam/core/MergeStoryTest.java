package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** What other stores got wrong. */
class MergeStoryTest {
    private final List<Replica> members = Replica.members(3);
    private final Replica a = members.get(0);
    private final Replica b = members.get(1);
    private final Replica c = members.get(2);

    @Test
    void twoWritesInOppositeOrderGiveOneState() {
        a.set("k", "title", "of a");
        b.set("k", "title", "of b");
        a.syncFrom(b);
        b.syncFrom(a);

        assertThat(a.bytes()).isEqualTo(b.bytes());
        assertThat(a.vault().digest()).isEqualTo(b.vault().digest());
    }

    @Test
    void aBatchDeliveredTwiceChangesNothingClocksIncluded() {
        SealedBatch batch = a.clock(7_000).set("k", "title", "t");
        b.receive(batch);
        SortedMap<String, Bytes> once = b.bytes();

        assertThat(b.receive(batch)).isEqualTo(new Verdict.Duplicate());
        assertThat(b.bytes()).isEqualTo(once);
    }

    @Test
    void aDeleteAheadOfThePutItSawWaitsAndThenWins() {
        SealedBatch put = a.put("k", "title", "t");
        b.receive(put);
        SealedBatch delete = b.delete("k");

        assertThat(c.receive(delete)).isEqualTo(new Verdict.Park(Verdict.ParkReason.DEPS));
        assertThat(c.record("k").isAlive()).isFalse();
        c.receive(put);

        assertThat(c.parked()).isEmpty();
        assertThat(c.record("k").isAlive()).isFalse();
        assertThat(c.bytes()).isEqualTo(b.bytes());
    }

    @Test
    void aReplayOfTheLogGivesTheLiveBytes() {
        a.put("k", "title", "t");
        b.syncFrom(a);
        b.tag("k", "red");
        a.delete("k");
        a.syncFrom(b);
        Replica rebuilt = Replica.reader();
        a.log().forEach(rebuilt::receive);

        assertThat(rebuilt.bytes()).isEqualTo(a.bytes());
    }

    @Test
    void aValuePassedOnKeepsItsAuthorsStamp() {
        a.clock(2_000).set("k", "title", "old");
        b.clock(9_000).set("k", "title", "new");
        c.clock(1_000_000).syncFrom(a);
        c.set("other", "title", "t");
        b.syncFrom(c);

        assertThat(b.text("k", "title")).isEqualTo("new");
    }

    @Test
    void localeAndZoneDoNotReachTheBytes() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        Bytes before = written();
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            assertThat(written()).isEqualTo(before);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
    }

    private static Bytes written() {
        Replica author = Replica.members(1).getFirst();
        author.tag("KEY \u0130", "TITLE");
        author.tag("KEY \u0130", "i");
        author.set("KEY \u0130", "I", "1,5");
        return author.record("KEY \u0130").encode();
    }

    @Test
    void aDeleteBesideAnUpdateLeavesTheRecordWhole() {
        a.put("k", "title", "t");
        a.set("k", "body", "b");
        b.syncFrom(a);
        a.delete("k");
        b.set("k", "title", "u");
        a.syncFrom(b);

        assertThat(a.text("k", "title")).isEqualTo("u");
        assertThat(a.text("k", "body")).isEqualTo("b");
    }

    @Test
    void aThousandOrdersGiveTheSameBytes() {
        for (int i = 0; i < 6; i++) {
            Replica author = members.get(i % 3);
            author.clock(50 - i).set("k", "title", "t" + i);
            author.tag("k", "tag" + i % 2);
            members.get((i + 1) % 3).syncFrom(author);
            author.untag("k", "tag" + (i + 1) % 2);
        }
        a.delete("k");
        b.put("k", "title", "last");
        List<SealedBatch> batches = new ArrayList<>(History.batches(members));
        Replica first = Replica.reader();
        batches.forEach(first::receive);

        Random random = new Random(19);
        for (int order = 0; order < 1_000; order++) {
            Collections.shuffle(batches, random);
            Replica reader = Replica.reader();
            batches.forEach(reader::receive);
            assertThat(reader.bytes()).isEqualTo(first.bytes());
        }
    }
}
