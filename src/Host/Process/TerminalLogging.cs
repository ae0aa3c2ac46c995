using Microsoft.Extensions.Logging;

namespace Orchestrator.Host;

/// <summary>
/// Logs on the terminal, for people: what is worth knowing as it is, what is wrong behind a word.
/// Details say where they come from.
/// </summary>
internal sealed class TerminalLogging(Terminal terminal) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(terminal, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(Terminal terminal, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            switch (logLevel)
            {
                case LogLevel.Information:
                    terminal.Note(text);
                    break;
                case LogLevel.Warning:
                    terminal.Warn(text);
                    break;
                case LogLevel.Error or LogLevel.Critical:
                    terminal.Fail(text);
                    break;
                default:
                    terminal.Note($"{category}: {text}{(exception is null ? "" : $"\n{exception}")}");
                    break;
            }
        }
    }
}
