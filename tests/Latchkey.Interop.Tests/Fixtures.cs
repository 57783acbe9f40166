using Latchkey.Interop.Tests;
using Latchkey.Testing.Browsers;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: AssemblyFixture(typeof(Organisation))]
// Every test drives a browser through several processes; two processors are busy with one of them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
