using Latchkey.Testing.Browsers;

[assembly: AssemblyFixture(typeof(Chromium))]
// Every test drives a browser and most a server of their own; two processors are busy with one of them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
