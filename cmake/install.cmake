# What `cmake --install` puts where: the program, its scenarios, the documentation, the licence. Nothing else.
include(GNUInstallDirs)
set(install_docs ${CMAKE_INSTALL_DATADIR}/doc/rxpath)
install(TARGETS rxpath)
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/rxpath)
install(DIRECTORY docs DESTINATION ${install_docs})
install(FILES README.md LICENSE DESTINATION ${install_docs})
