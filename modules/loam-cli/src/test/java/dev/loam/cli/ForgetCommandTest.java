package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Limits;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForgetCommandTest {
    @TempDir private Path home;

    @BeforeEach
    void remembersThree() {
        run("remember", "the zyzzyva lives here", "--key=z", "--no-model");
        run("remember", "a lantern", "--key=a", "--session=s", "--no-model");
        run("remember", "a ladder", "--key=b", "--session=s", "--no-model");
    }

    private Run run(String... arguments) {
        return Run.of(home, arguments);
    }

    private Run withInput(String stdin, String... arguments) {
        return Run.withInput(stdin, home, arguments);
    }

    @Test
    void whatIsForgottenStandsInNoFile() {
        Run before = withInput("zyzzyva\n", "forget", "--verify");
        assertThat(before.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(before.out()).contains("text 1: log/").doesNotContain("zyzzyva");

        Run forgotten = run("forget", "z", "--yes");
        assertThat(forgotten.code()).isZero();
        assertThat(forgotten.out()).startsWith("forgot z\nbatches of the log that were cut: 1");
        assertThat(run("get", "z").code()).isEqualTo(ExitCode.NOT_FOUND.number());

        Run after = withInput("zyzzyva\nlantern\n", "forget", "--verify", "--json");
        assertThat(after.code()).isEqualTo(ExitCode.DAMAGED.number());
        assertThat(after.elements("remains"))
                .isNotEmpty()
                .allMatch(each -> each.toString().contains("\"text\":2"));
        assertThat(withInput("zyzzyva\n", "forget", "--verify").out())
                .isEqualTo("none of 1 texts stands in any file of the store\n");
    }

    @Test
    void nothingIsForgottenUnlessItIsConfirmed() {
        assertThat(withInput("", "forget", "z").code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(withInput("n\n", "forget", "z").err()).contains("nothing was forgotten");
        assertThat(run("get", "z").code()).isZero();
        assertThat(withInput("y\n", "forget", "z").code()).isZero();
        assertThat(run("get", "z").code()).isEqualTo(ExitCode.NOT_FOUND.number());
    }

    @Test
    void aDryRunListsWhatQuerySessionAndSourceChoose() {
        run("remember", "of a tool", "--key=t", "--field=source=web", "--no-model");
        assertThat(run("forget", "--dry-run", "--session=s").out())
                .isEqualTo("would forget a\nwould forget b\n");
        assertThat(run("forget", "--dry-run", "--query=zyzzyva").out())
                .isEqualTo("would forget z\n");
        assertThat(run("forget", "--dry-run", "--source=web", "--json").document().toString())
                .contains("\"wouldForget\":[\"t\"]");
        assertThat(run("get", "a").code()).isZero();
    }

    @Test
    void allOfASessionIsForgottenAtOnce() {
        Run forgotten = run("forget", "--session=s", "--yes", "--json");
        assertThat(forgotten.document().members())
                .containsOnlyKeys("keys", "vault", "actor", "sequence", "batchesCut");
        assertThat(forgotten.document().toString()).contains("[\"a\",\"b\"]");
        assertThat(run("ls").out()).contains("zyzzyva").doesNotContain("lantern", "ladder");
    }

    @Test
    void whatIsNotThereCannotBeForgotten() {
        assertThat(run("forget", "nothing", "--yes").code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(run("forget", "--yes").code()).isEqualTo(ExitCode.USAGE.number());
        Run none = run("forget", "--session=none", "--yes");
        assertThat(none.code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(none.err()).contains("no memory").doesNotContain("name keys");
    }

    @Test
    void aForgottenMemoryIsNotSaidNeverToHaveBeen() {
        run("forget", "z", "--yes");
        Run history = run("history", "z");
        assertThat(history.code()).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(history.err()).doesNotContain("never");
    }

    @Test
    void lookingForRemainsIsNotAskedTogetherWithForgetting() {
        for (String other : new String[] {"z", "--session=s", "--yes", "--dry-run", "--status"}) {
            assertThat(withInput("zyzzyva\n", "forget", "--verify", other).code())
                    .as(other)
                    .isEqualTo(ExitCode.USAGE.number());
        }
        assertThat(run("get", "z").code()).isZero();
    }

    /** A text that is not looked for must not be among those of which none is left. */
    @Test
    void everyTextIsLookedForOrNone() {
        String oneLess = "\n".repeat(Limits.SCAN_PAGE_MAX - 1);
        assertThat(withInput(oneLess + "zyzzyva\n", "forget", "--verify").out())
                .startsWith("text " + Limits.SCAN_PAGE_MAX + ": ");

        Run more = withInput(oneLess + "absent\nzyzzyva\n", "forget", "--verify");
        assertThat(more.code()).isEqualTo(ExitCode.FAILED.number());
        assertThat(more.err()).contains("LIMIT_EXCEEDED", "1000");
        assertThat(more.out()).isEmpty();
    }

    @Test
    void aTextIsNamedByTheLineThatItIs() {
        assertThat(withInput("absent\n\nzyzzyva\n", "forget", "--verify").out())
                .startsWith("text 3: ");
    }
}
