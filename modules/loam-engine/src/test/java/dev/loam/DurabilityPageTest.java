package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each promise of {@code docs/durability.md} names a test, and the test is there. */
class DurabilityPageTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)#(\\w+)`");
    private static final int PROMISES_MIN = 30;

    @Test
    void everyTestThatThePageNamesExists() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/durability.md"));
        List<MatchResult> named = NAMED.matcher(page).results().toList();
        assertThat(named).hasSizeGreaterThan(PROMISES_MIN);
        for (MatchResult test : named) {
            assertThat(sourceOf(test.group(1)))
                    .as(test.group())
                    .containsPattern("void " + test.group(2) + "\\(");
        }
    }

    private static String sourceOf(String testClass) throws IOException {
        StringBuilder source = new StringBuilder();
        for (String sources : List.of("modules", "tests-longrun")) {
            try (Stream<Path> tree = Files.walk(ROOT.resolve(sources))) {
                for (Path file : tree.filter(path -> path.endsWith(testClass + ".java")).toList()) {
                    source.append(Files.readString(file));
                }
            }
        }
        return source.toString();
    }
}
