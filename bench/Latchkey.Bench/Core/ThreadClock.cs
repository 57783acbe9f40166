using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Latchkey.Bench.Core;

/// <summary>Time that this thread spent on a processor: what else runs on the machine does not count.</summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Microseconds since some moment.</summary>
    public static double Now()
    {
        // Elsewhere than on Linux the wall clock has to do.
        if (!OperatingSystem.IsLinux())
            return Stopwatch.GetTimestamp() * 1e6 / Stopwatch.Frequency;
        if (GetTime(ThreadCpuTime, out TimeSpec time) != 0)
            throw new InvalidOperationException("The thread's processor time cannot be read.");
        return time.Seconds * 1e6 + time.Nanoseconds / 1e3;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
