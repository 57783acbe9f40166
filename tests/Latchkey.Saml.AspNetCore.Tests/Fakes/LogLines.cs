using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Latchkey.Saml.AspNetCore.Tests.Fakes;

/// <summary>What the application wrote to its log.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    /// <summary>Waits until an event of that name was written.</summary>
    public async Task WaitForAsync(string eventName)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Lines.Any(l => l.StartsWith(eventName, StringComparison.Ordinal)))
        {
            await Task.Delay(10, patience.Token);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue($"{eventId.Name}: {formatter(state, exception)}");

    public void Dispose() { }
}
