namespace Latchkey.Saml.Tests.Fuzzing;

/// <summary>One thing that is tried with inputs made at random.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name: a row of the tests, and the folder under <c>Data/fuzz</c> that keeps what once failed.</summary>
    public abstract string Name { get; }

    /// <summary>Makes an input. The same random numbers give the same input, as far as fresh keys allow.</summary>
    public abstract byte[] Make(Random random);

    /// <summary>Throws unless what has to hold for every input holds for this one. Knows nothing of how it was made, so that a kept file can be tried again.</summary>
    public abstract void Check(byte[] input);
}
