package dev.loam.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every example of the README and of {@code docs/} is one: the Java compiles, given a store and a
 * vault where it does not open its own, and the commands are there with their options.
 */
class DocumentedExamplesTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(java|sh)\\n(.*?)^```");
    private static final Pattern COMMAND = Pattern.compile("^(?:\\w+\\$ )?(?:\\./)?loam (.*)$");

    @TempDir Path classes;

    private record Example(String place, String language, String text) {}

    @TestFactory
    Stream<DynamicTest> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                long line = text.substring(0, block.start()).lines().count() + 1;
                String place = ROOT.relativize(page) + ":" + line;
                examples.add(new Example(place, block.group(1), block.group(2)));
            }
        }
        assertThat(examples).isNotEmpty();
        return examples.stream()
                .map(example -> DynamicTest.dynamicTest(example.place(), () -> check(example)));
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            return pages;
        }
    }

    private void check(Example example) {
        if (example.language().equals("java")) {
            compile(example.text());
        } else {
            example.text().lines().forEach(DocumentedExamplesTest::parse);
        }
    }

    private void compile(String text) {
        String imports =
                Pattern.compile("(?m)^import .*$")
                        .matcher(text)
                        .results()
                        .map(each -> each.group() + "\n")
                        .reduce("", String::concat);
        String body = text.replaceAll("(?m)^import .*$", "");
        String source =
                """
                import dev.loam.*;
                import dev.loam.core.*;
                import java.nio.file.*;
                import java.time.*;
                import java.util.*;
                import java.util.concurrent.*;
                %s
                class Example {
                    static void example(Loam loam, Vault vault, Path directory) throws Exception {
                        // In a method of its own, which may have variables of these names.
                        new Object() {
                            void example() throws Exception {
                                %s
                            }
                        }.example();
                    }
                }
                """
                        .formatted(imports, body);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        String path = System.getProperty("java.class.path");
        boolean compiled =
                compiler.getTask(
                                complaints,
                                null,
                                null,
                                List.of("-cp", path, "-d", classes.toString(), "-proc:none"),
                                null,
                                List.of(new Source(source)))
                        .call();
        assertThat(compiled).as(complaints.toString()).isTrue();
    }

    /** The text of one compilation unit. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static void parse(String line) {
        Matcher command = COMMAND.matcher(line.replaceFirst("\\s+#.*$", "").strip());
        if (command.matches()) {
            String[] arguments = words(command.group(1));
            CommandLine commandLine = new CommandLine(new RootCommand(Surroundings.ofProcess()));
            Commands.addTo(commandLine, arguments);
            commandLine.setCaseInsensitiveEnumValuesAllowed(true);
            commandLine.parseArgs(arguments);
        }
    }

    /** As a shell splits them, for words in double quotes. */
    private static String[] words(String text) {
        return Pattern.compile("\"([^\"]*)\"|\\S+")
                .matcher(text)
                .results()
                .map(word -> word.group(1) == null ? word.group() : word.group(1))
                .toArray(String[]::new);
    }
}
