using Latchkey.Server.Applications;
using Latchkey.Server.Applications.Differences;
using Latchkey.Server.Applications.Following;
using Latchkey.Server.Applications.Handover;
using Latchkey.Server.Certificates;
using Latchkey.Server.Directory;
using Latchkey.Server.SingleSignOn;
using Latchkey.Server.Storage.Search;
using Microsoft.EntityFrameworkCore;

namespace Latchkey.Server.Storage;

/// <summary>Applications, their certificates and who may use them, and the metadata that is followed.</summary>
internal static partial class StorageModel
{
    private static void Applications(ModelBuilder model, StorageEngine engine)
    {
        model.Entity<Application>(application =>
        {
            application.Property(a => a.Id).ValueGeneratedNever();
            application.Property(a => a.AcsEndpoints).IsJson();
            application.Property(a => a.SloEndpoints).IsJson();
            application.Property(a => a.SpSigningCertificates).IsJson();
            application.Property(a => a.SpEncryptionCertificates).IsJson();
            application.Property(a => a.Attributes).IsJson();
            application.Property(a => a.Categories).IsJson();
            application.Property(a => a.RequiredAttributes).IsJson();
            application.Property(a => a.AuthnContext).IsJson();
            application.Property(a => a.ConnectorVariables).IsJson();
            application.Property(a => a.Version).IsConcurrencyToken();
            application.Property(a => a.SearchText).IsFollowing();
            application.HasIndex(a => a.Slug).IsUnique();
            application.HasIndex(a => a.IdpEntityId).IsUnique();
            application.HasIndex(a => a.SpEntityId);
            if (engine == StorageEngine.Sqlite)
            {
                // Searching and counting read the index alone, not the wide rows; PostgreSQL's entries have to be short.
                application.HasIndex(a => new
                {
                    a.Label,
                    a.Id,
                    a.SearchText,
                });
            }
            else
            {
                application.HasIndex(a => new { a.Label, a.Id });
            }
        });
        model.Entity<ApplicationGroup>(granted =>
        {
            granted.HasKey(g => new { g.ApplicationId, g.GroupId });
            granted.HasIndex(g => g.GroupId);
            granted.HasOne<Application>().WithMany().HasForeignKey(g => g.ApplicationId);
            granted.HasOne<Group>().WithMany().HasForeignKey(g => g.GroupId);
        });
        model.Entity<ApplicationUser>(granted =>
        {
            granted.HasKey(g => new { g.ApplicationId, g.UserId });
            granted.HasIndex(g => g.UserId);
            granted.HasOne<Application>().WithMany().HasForeignKey(g => g.ApplicationId);
            granted.HasOne<User>().WithMany().HasForeignKey(g => g.UserId);
        });
        model.Entity<ApplicationCertificate>(certificate =>
        {
            certificate.Property(c => c.Id).ValueGeneratedNever();
            certificate.HasIndex(c => c.ApplicationId);
            certificate.HasIndex(c => c.RetireAt);
            certificate.HasIndex(c => c.NotAfter);
            certificate.HasOne<Application>().WithMany().HasForeignKey(c => c.ApplicationId);
        });
        model.Entity<MetadataReading>(reading =>
        {
            reading.HasKey(r => new { r.ApplicationId, r.ClientIp });
            reading.HasOne<Application>().WithMany().HasForeignKey(r => r.ApplicationId);
        });
        model.Entity<HandoverLink>(link =>
        {
            link.Property(l => l.Id).ValueGeneratedNever();
            link.HasIndex(l => l.TokenHash).IsUnique();
            link.HasIndex(l => l.ApplicationId);
            link.HasOne<Application>().WithMany().HasForeignKey(l => l.ApplicationId);
        });
        model.Entity<PersistentNameId>(nameId =>
        {
            nameId.HasKey(n => new { n.UserId, n.SpEntityId });
            nameId.HasIndex(n => new { n.SpEntityId, n.Value }).IsUnique();
            nameId.HasOne<User>().WithMany().HasForeignKey(n => n.UserId);
        });
    }

    private static void Metadata(ModelBuilder model)
    {
        model.Entity<MetadataCopy>(copy =>
        {
            copy.HasKey(c => c.ApplicationId);
            copy.HasOne<Application>().WithOne().HasForeignKey<MetadataCopy>(c => c.ApplicationId);
        });
        model.Entity<MetadataProposal>(proposal =>
        {
            proposal.Property(p => p.Id).ValueGeneratedNever();
            proposal.Property(p => p.Held).IsJson();
            proposal.HasIndex(p => p.ApplicationId);
            proposal.HasOne<Application>().WithMany().HasForeignKey(p => p.ApplicationId);
        });
        model.Entity<FollowedMetadata>(followed =>
        {
            followed.HasKey(f => f.ApplicationId);
            followed.Property(f => f.PinnedCertificates).IsJson();
            followed.Property(f => f.ProblemArgs).IsJson();
            followed.Property(f => f.Version).IsConcurrencyToken();
            followed.HasIndex(f => f.NextAt);
            followed
                .HasOne<Application>()
                .WithOne()
                .HasForeignKey<FollowedMetadata>(f => f.ApplicationId);
        });
    }
}
