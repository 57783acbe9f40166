using Latchkey.Browser.Tests;
using Latchkey.Testing.Browsers;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: AssemblyFixture(typeof(House))]
// Every test drives a browser and a server; two processors are busy with one of each.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
